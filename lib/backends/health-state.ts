import { renderSeconds } from './render-failure'

export type HealthRules = { degradedMs: number; downAfter: number; upAfter: number }
/** What checks and traffic say of a machine; draining and disabled are an operator's words. */
export type MachineHealth = 'unknown' | 'healthy' | 'degraded' | 'unhealthy'

export type HealthState = {
  readonly current: MachineHealth
  /** When it last became unhealthy and still is; monotonic. */
  readonly downSinceMs: number | null
  readonly latencyMs: number | null
  readonly lastError: string | null
  downtimeTotalMs(nowMs: number): number
  goodCheck(latencyMs: number, nowMs: number): void
  /** A check that has not answered by the degraded threshold and may still do so. */
  slowCheck(): void
  badCheck(error: string, nowMs: number): void
  /** A request succeeded that began at `beganMs`. */
  goodTraffic(beganMs: number, nowMs: number): void
  badTraffic(error: string): void
  reset(): void
}

/**
 * E1's states as a pure machine; every time is monotonic and given. The first check decides for a
 * machine that nothing is known of; after that it takes `downAfter` bad ones in a row to be
 * unhealthy (degraded until then) and `upAfter` good ones to come back. A failed request counts
 * as a bad check, but only a check may call a machine unhealthy: an instant 503 to a request is the
 * circuit's business while checks are answered.
 */
export function createHealthState(rules: () => HealthRules): HealthState {
  let current: MachineHealth = 'unknown'
  let badInARow = 0
  let goodInARow = 0
  let downSinceMs: number | null = null
  let pastDowntimeMs = 0
  let latencyMs: number | null = null
  let lastError: string | null = null

  const goDown = (nowMs: number) => {
    current = 'unhealthy'
    downSinceMs = nowMs
    goodInARow = 0
  }
  const countGood = (next: 'healthy' | 'degraded', nowMs: number) => {
    badInARow = 0
    goodInARow++
    if (current === 'unhealthy' && goodInARow < rules().upAfter) return
    if (downSinceMs !== null) pastDowntimeMs += nowMs - downSinceMs
    downSinceMs = null
    current = next
  }

  return {
    get current() {
      return current
    },
    get downSinceMs() {
      return downSinceMs
    },
    get latencyMs() {
      return latencyMs
    },
    get lastError() {
      return lastError
    },
    downtimeTotalMs: (nowMs) => pastDowntimeMs + (downSinceMs === null ? 0 : nowMs - downSinceMs),
    goodCheck(checkLatencyMs, nowMs) {
      latencyMs = checkLatencyMs
      const isSlow = checkLatencyMs > rules().degradedMs
      if (isSlow) lastError = `took ${renderSeconds(Math.round(checkLatencyMs))} to answer`
      countGood(isSlow ? 'degraded' : 'healthy', nowMs)
    },
    slowCheck() {
      if (current !== 'healthy') return
      current = 'degraded'
      lastError = `has not answered for ${renderSeconds(rules().degradedMs)}`
    },
    badCheck(error, nowMs) {
      lastError = error
      goodInARow = 0
      badInARow++
      if (current === 'unhealthy') return
      if (current === 'unknown' || badInARow >= rules().downAfter) goDown(nowMs)
      else current = 'degraded'
    },
    goodTraffic(beganMs, nowMs) {
      // Answers to requests from before it went down say nothing about now.
      if (current !== 'unhealthy' || downSinceMs === null || beganMs < downSinceMs) return
      countGood('healthy', nowMs)
    },
    badTraffic(error) {
      lastError = error
      goodInARow = 0
      badInARow++
    },
    reset() {
      pastDowntimeMs = 0
      current = 'unknown'
      badInARow = 0
      goodInARow = 0
      downSinceMs = null
      latencyMs = null
      lastError = null
    },
  }
}
