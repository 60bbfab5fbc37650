export type AttemptRate = {
  allows(limit: number | null, nowMs: number): boolean
  count(nowMs: number): void
}

const windowMs = 60_000

/** B5: attempts a minute on one backend, by the two-window formula; `nowMs` is monotonic. */
export function createAttemptRate(): AttemptRate {
  let window = 0
  let current = 0
  let previous = 0

  const moveTo = (nowMs: number) => {
    const now = Math.floor(nowMs / windowMs)
    if (now === window) return
    previous = now === window + 1 ? current : 0
    current = 0
    window = now
  }

  return {
    allows(limit, nowMs) {
      if (limit === null) return true
      moveTo(nowMs)
      const share = 1 - (nowMs % windowMs) / windowMs
      return Math.floor(previous * share) + current < limit
    },
    count(nowMs) {
      moveTo(nowMs)
      current++
    },
  }
}
