import { CorralError } from '@/lib/core/errors'

export type InFlight = {
  /** Takes a place and gives what releases it, once. Throws `limits.in_flight_full` (503). */
  take(limit: number): () => void
  count(): number
}

/** The process-wide cap of requests in flight (B5). */
export function createInFlight(): InFlight {
  let taken = 0
  return {
    take(limit) {
      if (taken >= limit) {
        throw new CorralError('limits.in_flight_full', { params: { limit }, retryAfterS: 1 })
      }
      taken++
      let held = true
      return () => {
        if (held) taken--
        held = false
      }
    },
    count: () => taken,
  }
}
