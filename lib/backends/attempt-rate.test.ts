import { expect, test } from 'vitest'
import { createAttemptRate } from './attempt-rate'

test('no more attempts a minute than the limit, by the two-window formula', () => {
  const rate = createAttemptRate()
  let taken = 0
  for (let nowMs = 0; nowMs < 60_000; nowMs += 100) {
    if (!rate.allows(60, nowMs)) continue
    rate.count(nowMs)
    taken++
  }
  expect(taken).toBe(60)
  expect(rate.allows(60, 60_000)).toBe(false)
  // Half of the last minute's 60 still counts.
  let second = 0
  while (rate.allows(60, 90_000)) {
    rate.count(90_000)
    second++
  }
  expect(second).toBe(30)
  expect(rate.allows(60, 240_000)).toBe(true)
})

test('no limit allows everything', () => {
  const rate = createAttemptRate()
  for (let i = 0; i < 10_000; i++) rate.count(0)
  expect(rate.allows(null, 0)).toBe(true)
})
