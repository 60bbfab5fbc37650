import type { RateLimit } from '@/lib/schemas/entities'
import { invalidInput } from './parse-input'

/**
 * Members may only lower their own limits (B1): what they ask for must be within every limit that
 * holds now, neither more requests at once nor more over time. Throws `admin.invalid_input`.
 */
export function assertOnlyLowered(now: readonly RateLimit[], asked: readonly RateLimit[]): void {
  const exceeded = now.find((limit) => !asked.every((one) => isWithin(one, limit)))
  if (exceeded === undefined) return
  throw invalidInput(
    `rateLimit: expected at most ${exceeded.requests} requests in ${exceeded.windowSeconds} s; only an admin can raise a limit.`,
  )
}

function isWithin(asked: RateLimit, limit: RateLimit): boolean {
  if (limit.requests === 0) return true
  const burstIsLower = asked.requests > 0 && asked.requests <= limit.requests
  return (
    burstIsLower && asked.requests * limit.windowSeconds <= limit.requests * asked.windowSeconds
  )
}
