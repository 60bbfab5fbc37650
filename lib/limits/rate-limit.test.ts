import { describe, expect, it } from 'vitest'
import type { Principal } from '@/lib/auth/contract'
import { isCorralError } from '@/lib/core/errors'
import type { RateLimit } from '@/lib/schemas/entities'
import { type RateLimitQuestion, resolveRateLimit, takeRateLimit } from './rate-limit'
import { createSlidingWindows } from './sliding-window'

const settings = { rateLimitRequests: 100, rateLimitWindowSeconds: 60 }
const none = { rateLimit: null, anonymousRateLimit: null }
const of = (requests: number): RateLimit => ({ requests, windowSeconds: 60 })

function key(rateLimit: RateLimit | null, keyId = 'k1'): Principal {
  return {
    kind: 'key',
    keyId,
    keyPrefix: 'p',
    keyName: 'n',
    ownerId: 'u',
    ownerName: 'u',
    permissions: new Set(),
    models: { allow: ['*'], deny: [] },
    frontends: null,
    networks: { allow: ['*'], deny: [] },
    rateLimit,
  }
}
const anonymous = (rateLimit: RateLimit | null): Principal => ({
  kind: 'anonymous',
  permissions: new Set(),
  rateLimit,
})

describe('resolveRateLimit', () => {
  const resolve = (question: Partial<RateLimitQuestion>) =>
    resolveRateLimit({ principal: key(null), address: null, frontend: none, settings, ...question })

  it("takes the key's or user's limit, then the frontend's, then the default", () => {
    expect(resolve({})).toEqual(of(100))
    expect(resolve({ frontend: { ...none, rateLimit: of(7) } })).toEqual(of(7))
    expect(resolve({ frontend: { ...none, rateLimit: of(7) }, principal: key(of(3)) })).toEqual(
      of(3),
    )
    expect(resolve({ frontend: { ...none, anonymousRateLimit: of(7) } })).toEqual(of(100))
  })

  it('takes the limit for callers without a key where one is set', () => {
    const frontend = { rateLimit: of(7), anonymousRateLimit: of(2) }
    expect(resolve({ principal: anonymous(null), frontend })).toEqual(of(2))
    expect(resolve({ principal: anonymous(of(1)), frontend })).toEqual(of(1))
    expect(resolve({ principal: null, frontend: { ...none, rateLimit: of(7) } })).toEqual(of(7))
  })

  it('reads 0 requests as no limit, over a default that has one', () => {
    expect(resolve({ principal: key(of(0)) })).toBeNull()
    expect(resolve({ settings: { ...settings, rateLimitRequests: 0 } })).toBeNull()
  })
})

describe('takeRateLimit', () => {
  const clock = { nowMs: () => 120_000, monotonicMs: () => 0 }
  const question = (change: Partial<RateLimitQuestion>): RateLimitQuestion => ({
    principal: key(of(2)),
    address: '10.0.0.1',
    frontend: none,
    settings,
    ...change,
  })

  it('refuses with 429, Retry-After, the headers, and the seconds in words', () => {
    const windows = createSlidingWindows({ clock })
    takeRateLimit(windows, question({}))
    takeRateLimit(windows, question({}))
    try {
      takeRateLimit(windows, question({}))
      expect.unreachable()
    } catch (error) {
      if (!isCorralError(error)) throw error
      expect(error.status).toBe(429)
      expect(error.message).toBe('Rate limit exceeded. Try again in 61 seconds.')
      expect(error.retryAfterS).toBe(61)
      expect(error.headers).toEqual({
        'RateLimit-Limit': '2',
        'RateLimit-Remaining': '0',
        'RateLimit-Reset': '60',
      })
    }
  })

  it('counts each key for itself, and callers without a key by address', () => {
    const windows = createSlidingWindows({ clock })
    const one = { rateLimit: of(1), anonymousRateLimit: null }
    const take = (principal: Principal, address: string | null) => () =>
      takeRateLimit(windows, question({ principal, address, frontend: one }))
    expect(take(key(null, 'a'), '1.1.1.1')).not.toThrow()
    expect(take(key(null, 'a'), '2.2.2.2')).toThrow(/Rate limit/)
    expect(take(key(null, 'b'), '1.1.1.1')).not.toThrow()
    expect(take(anonymous(null), '1.1.1.1')).not.toThrow()
    expect(take(anonymous(null), '1.1.1.1')).toThrow(/Rate limit/)
    expect(take(anonymous(null), '2.2.2.2')).not.toThrow()
    expect(take(anonymous(null), null)).not.toThrow()
    expect(take(anonymous(null), null)).toThrow(/Rate limit/)
  })

  it('refuses nobody where no limit holds', () => {
    const windows = createSlidingWindows({ clock })
    for (let i = 0; i < 500; i++) {
      expect(() => takeRateLimit(windows, question({ principal: key(of(0)) }))).not.toThrow()
    }
  })
})
