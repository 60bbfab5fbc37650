import { describe, expect, it } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { createInFlight } from './in-flight'

describe('createInFlight', () => {
  it('refuses one request more than the limit with 503 and Retry-After', () => {
    const inFlight = createInFlight()
    inFlight.take(2)
    inFlight.take(2)
    try {
      inFlight.take(2)
      expect.unreachable()
    } catch (error) {
      if (!isCorralError(error)) throw error
      expect(error.code).toBe('limits.in_flight_full')
      expect(error.status).toBe(503)
      expect(error.retryAfterS).toBe(1)
    }
    expect(inFlight.count()).toBe(2)
  })

  it('releases a place once, however often it is asked to', () => {
    const inFlight = createInFlight()
    const release = inFlight.take(2)
    inFlight.take(2)
    release()
    release()
    expect(inFlight.count()).toBe(1)
  })

  it('holds a changed limit at once', () => {
    const inFlight = createInFlight()
    inFlight.take(5)
    inFlight.take(5)
    expect(() => inFlight.take(2)).toThrow(/limit of 2/)
    expect(() => inFlight.take(3)).not.toThrow()
  })
})
