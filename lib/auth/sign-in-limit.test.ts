import { describe, expect, it } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { createSignInLimit, signInWindowMs } from './sign-in-limit'

function startLimit() {
  let nowMs = 1_000_000
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs }
  const limit = createSignInLimit({ clock })
  const attempt = (address: string | null, account: string): string => {
    try {
      limit.take({ address, account })
      return 'taken'
    } catch (error) {
      return isCorralError(error) ? `${error.status} ${error.retryAfterS}` : String(error)
    }
  }
  return { limit, attempt, pass: (ms: number) => (nowMs += ms) }
}

describe('createSignInLimit', () => {
  it('locks an account after 5 failures within 300 s, from wherever they come', () => {
    const { attempt, pass } = startLimit()
    for (let n = 1; n <= 5; n++) {
      expect(attempt(`192.0.2.${n}`, 'ana')).toBe('taken')
      pass(10_000)
    }
    expect(attempt('192.0.2.6', 'ana')).toBe('429 250')
    expect(attempt('192.0.2.6', 'tom')).toBe('taken')
    pass(250_000)
    expect(attempt('192.0.2.6', 'ana')).toBe('taken')
    expect(attempt('192.0.2.7', 'ana')).toBe('429 10')
  })

  it('locks an address after 5 failures, whatever the accounts, and an IPv6 network as one', () => {
    const { attempt } = startLimit()
    for (let n = 1; n <= 5; n++) expect(attempt(`2001:db8:1:2::${n}`, `user-${n}`)).toBe('taken')
    expect(attempt('2001:db8:1:2:ffff::1', 'another')).toBe(`429 ${signInWindowMs / 1000}`)
    expect(attempt('2001:db8:1:3::1', 'another')).toBe('taken')
    for (let n = 1; n <= 5; n++) attempt('::ffff:192.0.2.1', `v4-${n}`)
    expect(attempt('192.0.2.1', 'another')).toContain('429')
  })

  it('a refused attempt does not make the lock longer', () => {
    const { attempt, pass } = startLimit()
    for (let n = 0; n < 5; n++) attempt('192.0.2.1', 'ana')
    for (let n = 0; n < 50; n++) attempt('192.0.2.1', 'ana')
    pass(signInWindowMs)
    expect(attempt('192.0.2.1', 'ana')).toBe('taken')
  })

  it('what succeeded does not count, and attempts at once do not pass together', () => {
    const { limit, attempt } = startLimit()
    for (let n = 0; n < 20; n++) {
      limit.take({ address: '192.0.2.1', account: 'ana' }).succeeded()
    }
    const open = [1, 2, 3, 4, 5].map(() => limit.take({ address: '192.0.2.1', account: 'ana' }))
    expect(attempt('192.0.2.1', 'ana')).toContain('429')
    for (const one of open) one.succeeded()
    expect(attempt('192.0.2.1', 'ana')).toBe('taken')
  })
})
