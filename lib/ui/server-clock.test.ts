import { expect, it } from 'vitest'
import { clockOffset } from './server-clock'

const serverMs = Date.UTC(2026, 10, 30)

it('a clock that is off by an hour is put right, in both directions', () => {
  for (const away of [3_600_000, -3_600_000]) {
    const readerMs = serverMs + away
    expect(readerMs + clockOffset({ serverMs, readerMs })).toBe(serverMs)
  }
})

it('a page that took a moment to come moves no clock', () => {
  expect(clockOffset({ serverMs, readerMs: serverMs + 900 })).toBe(0)
})
