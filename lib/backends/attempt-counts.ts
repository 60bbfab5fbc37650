/** Models that are counted on at zero, so that one that comes and goes takes its place but once. */
const rememberedMax = 256

/** What is in flight on one backend, in all and by model. */
export class AttemptCounts {
  inFlight = 0
  private readonly byModel = new Map<string, number>()

  /** `model` is normalised, here and below. */
  ofModel(model: string): number {
    return this.byModel.get(model) ?? 0
  }

  take(model: string | null): void {
    this.inFlight++
    if (model !== null) this.byModel.set(model, this.ofModel(model) + 1)
  }

  release(model: string | null): void {
    this.inFlight--
    if (model === null) return
    const left = this.ofModel(model) - 1
    if (left > 0 || this.byModel.size <= rememberedMax) this.byModel.set(model, left)
    else this.byModel.delete(model)
  }
}
