import type { RateLimit } from '@/lib/schemas/entities'
import { invalidInput } from './parse-input'

/**
 * Members may only lower their own limits (B1): neither more requests at once nor more over time.
 * Throws `admin.invalid_input`.
 */
export function assertOnlyLowered(now: RateLimit, asked: RateLimit): void {
  if (now.requests === 0) return
  const burstIsLower = asked.requests > 0 && asked.requests <= now.requests
  const rateIsLower = asked.requests * now.windowSeconds <= now.requests * asked.windowSeconds
  if (burstIsLower && rateIsLower) return
  throw invalidInput(
    `rateLimit: expected at most ${now.requests} requests in ${now.windowSeconds} s; only an admin can raise a limit.`,
  )
}
