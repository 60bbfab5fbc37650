export type LearnedTimes = {
  readonly timeToFirstTokenMs: number | null
  /** Of requests that had a first token. */
  readonly requestMs: number | null
  learn(times: { timeToFirstTokenMs: number | null; requestMs: number }): void
  reset(): void
}

const newestShare = 0.2

/** What traffic taught about a backend's speed: exponentially weighted means. */
export function createLearnedTimes(): LearnedTimes {
  let timeToFirstTokenMs: number | null = null
  let requestMs: number | null = null
  return {
    get timeToFirstTokenMs() {
      return timeToFirstTokenMs
    },
    get requestMs() {
      return requestMs
    },
    learn(times) {
      if (times.timeToFirstTokenMs === null) return
      timeToFirstTokenMs = mean(timeToFirstTokenMs, times.timeToFirstTokenMs)
      requestMs = mean(requestMs, times.requestMs)
    },
    reset() {
      timeToFirstTokenMs = null
      requestMs = null
    },
  }
}

function mean(before: number | null, newest: number): number {
  return before === null ? newest : before + newestShare * (newest - before)
}
