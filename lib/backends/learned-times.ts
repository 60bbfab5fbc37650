const newestShare = 0.2

/** What traffic taught about a backend's speed: exponentially weighted means. */
export class LearnedTimes {
  timeToFirstTokenMs: number | null = null
  /** Of requests that had a first token. */
  requestMs: number | null = null

  learn(times: { timeToFirstTokenMs: number | null; requestMs: number }): void {
    if (times.timeToFirstTokenMs === null) return
    this.timeToFirstTokenMs = mean(this.timeToFirstTokenMs, times.timeToFirstTokenMs)
    this.requestMs = mean(this.requestMs, times.requestMs)
  }

  reset(): void {
    this.timeToFirstTokenMs = null
    this.requestMs = null
  }
}

function mean(before: number | null, newest: number): number {
  return before === null ? newest : before + newestShare * (newest - before)
}
