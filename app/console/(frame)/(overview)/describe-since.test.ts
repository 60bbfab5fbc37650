import { expect, it } from 'vitest'
import { describeSince } from './describe-since'

it('says when somebody was last here in the zone of the console', () => {
  const nowMs = Date.UTC(2026, 9, 13, 22, 30)
  const at = (ms: number, zone = 'UTC') => describeSince(ms, nowMs, zone)
  expect(at(Date.UTC(2026, 9, 13, 9, 12))).toBe('09:12')
  expect(at(Date.UTC(2026, 9, 12, 18, 4))).toBe('yesterday 18:04')
  expect(at(Date.UTC(2026, 9, 11, 18, 4))).toBe('11 Oct, 18:04')
  // In Berlin it is the 14th already.
  expect(at(Date.UTC(2026, 9, 13, 9, 12), 'Europe/Berlin')).toBe('yesterday 11:12')
})
