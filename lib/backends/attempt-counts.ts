export type AttemptCounts = {
  readonly inFlight: number
  /** `model` is normalised. */
  ofModel(model: string): number
  take(model: string | null): void
  release(model: string | null): void
}

/** What is in flight on one backend, in all and by model. */
export function createAttemptCounts(): AttemptCounts {
  let inFlight = 0
  const byModel = new Map<string, number>()
  return {
    get inFlight() {
      return inFlight
    },
    ofModel: (model) => byModel.get(model) ?? 0,
    take(model) {
      inFlight++
      if (model !== null) byModel.set(model, (byModel.get(model) ?? 0) + 1)
    },
    release(model) {
      inFlight--
      if (model === null) return
      const left = (byModel.get(model) ?? 0) - 1
      if (left > 0) byModel.set(model, left)
      else byModel.delete(model)
    },
  }
}
