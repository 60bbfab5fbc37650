import { renderSeconds } from './render-failure'

export type HealthRules = { degradedMs: number; downAfter: number; upAfter: number }
/** What checks and traffic say of a machine; draining and disabled are an operator's words. */
export type MachineHealth = 'unknown' | 'healthy' | 'degraded' | 'unhealthy'

/**
 * E1's states as a pure machine; every time is monotonic and given. The first check decides for a
 * machine that nothing is known of; after that it takes `downAfter` bad ones in a row to be
 * unhealthy (degraded until then) and `upAfter` good ones to come back. A failed request counts
 * as a bad check, but only a check may call a machine unhealthy: an instant 503 to a request is the
 * circuit's business while checks are answered.
 */
export class HealthState {
  current: MachineHealth = 'unknown'
  /** When it last became unhealthy and still is. */
  downSinceMs: number | null = null
  latencyMs: number | null = null
  lastError: string | null = null
  private badInARow = 0
  private goodInARow = 0
  private pastDowntimeMs = 0

  constructor(private readonly rules: () => HealthRules) {}

  downtimeTotalMs(nowMs: number): number {
    return this.pastDowntimeMs + (this.downSinceMs === null ? 0 : nowMs - this.downSinceMs)
  }

  goodCheck(latencyMs: number, nowMs: number): void {
    this.latencyMs = latencyMs
    const isSlow = latencyMs > this.rules().degradedMs
    if (isSlow) this.lastError = `took ${renderSeconds(Math.round(latencyMs))} to answer`
    this.countGood(isSlow ? 'degraded' : 'healthy', nowMs)
  }

  /** A check that has not answered by the degraded threshold and may still do so. */
  slowCheck(): void {
    if (this.current !== 'healthy') return
    this.current = 'degraded'
    this.lastError = `has not answered for ${renderSeconds(this.rules().degradedMs)}`
  }

  badCheck(error: string, nowMs: number): void {
    this.countBad(error)
    if (this.current === 'unhealthy') return
    if (this.current === 'unknown' || this.badInARow >= this.rules().downAfter) this.goDown(nowMs)
    else this.current = 'degraded'
  }

  /** A request succeeded that began at `beganMs`. */
  goodTraffic(beganMs: number, nowMs: number): void {
    // Answers to requests from before it went down say nothing about now.
    if (this.current !== 'unhealthy' || this.downSinceMs === null) return
    if (beganMs >= this.downSinceMs) this.countGood('healthy', nowMs)
  }

  badTraffic(error: string): void {
    this.countBad(error)
  }

  reset(): void {
    this.pastDowntimeMs = 0
    this.current = 'unknown'
    this.badInARow = 0
    this.goodInARow = 0
    this.downSinceMs = null
    this.latencyMs = null
    this.lastError = null
  }

  private countGood(next: 'healthy' | 'degraded', nowMs: number): void {
    this.badInARow = 0
    this.goodInARow++
    if (this.current === 'unhealthy' && this.goodInARow < this.rules().upAfter) return
    if (this.downSinceMs !== null) this.pastDowntimeMs += nowMs - this.downSinceMs
    this.downSinceMs = null
    this.current = next
  }

  private countBad(error: string): void {
    this.lastError = error
    this.goodInARow = 0
    this.badInARow++
  }

  private goDown(nowMs: number): void {
    this.current = 'unhealthy'
    this.downSinceMs = nowMs
    this.goodInARow = 0
  }
}
