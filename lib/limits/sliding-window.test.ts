import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSlidingWindows } from './sliding-window'

function fakeClock(startMs = 1_000_000_000_000) {
  const clock = { now: startMs, nowMs: () => clock.now, monotonicMs: () => clock.now }
  return clock
}

describe('createSlidingWindows', () => {
  it('counts as the two-window formula does, whatever the limit and the times', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 25_000 }), { minLength: 1, maxLength: 80 })
    const limits = fc.record({
      requests: fc.integer({ min: 1, max: 12 }),
      windowSeconds: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(steps, limits, fc.integer({ min: 0, max: 1e9 }), (waits, limit, startMs) => {
        const clock = fakeClock(startMs)
        const windows = createSlidingWindows({ clock })
        const windowMs = limit.windowSeconds * 1000
        const allowedAtMs: number[] = []
        for (const wait of waits) {
          clock.now += wait
          const window = Math.floor(clock.now / windowMs)
          const countIn = (index: number) =>
            allowedAtMs.filter((atMs) => Math.floor(atMs / windowMs) === index).length
          const share = (clock.now % windowMs) / windowMs
          const used = Math.floor((1 - share) * countIn(window - 1)) + countIn(window)

          const verdict = windows.take('a', limit)
          expect(verdict.allowed).toBe(used < limit.requests)
          if (verdict.allowed) allowedAtMs.push(clock.now)
          expect(verdict.remaining).toBe(
            Math.max(0, limit.requests - used - (verdict.allowed ? 1 : 0)),
          )
        }
      }),
      { numRuns: 500 },
    )
  })

  it('passes a request after the seconds it was told, and not two seconds earlier', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 })
    const limits = fc.record({
      requests: fc.integer({ min: 1, max: 9 }),
      windowSeconds: fc.integer({ min: 1, max: 30 }),
    })
    fc.assert(
      fc.property(waits, limits, fc.integer({ min: 0, max: 1e9 }), (steps, limit, startMs) => {
        const clock = fakeClock(startMs)
        const windows = createSlidingWindows({ clock })
        let told = 0
        for (const step of steps) {
          clock.now += step
          told = windows.take('a', limit).retryAfterSeconds
          if (told > 0) break
        }
        if (told === 0) return
        const refusedAtMs = clock.now
        clock.now = refusedAtMs + (told - 1) * 1000 - 1
        if (told > 1) expect(windows.take('a', limit).allowed).toBe(false)
        clock.now = refusedAtMs + told * 1000
        expect(windows.take('a', limit).allowed).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('holds a changed limit at once, and carries what was counted into another window', () => {
    const clock = fakeClock()
    const windows = createSlidingWindows({ clock })
    const take = (requests: number, windowSeconds = 60) =>
      windows.take('a', { requests, windowSeconds }).allowed
    for (let i = 0; i < 5; i++) expect(take(10)).toBe(true)
    expect(take(5)).toBe(false)
    expect(take(6)).toBe(true)
    expect(take(6, 3600)).toBe(false)
    expect(take(7, 3600)).toBe(true)
    expect(take(7, 1)).toBe(false)
    clock.now += 2000
    expect(take(7, 1)).toBe(true)
  })

  it('keeps keys apart and tells limit, remaining and reset', () => {
    const clock = fakeClock(120_000)
    const windows = createSlidingWindows({ clock })
    const limit = { requests: 2, windowSeconds: 60 }
    clock.now += 10_001
    expect(windows.take('a', limit)).toEqual({
      allowed: true,
      limit: 2,
      remaining: 1,
      resetSeconds: 50,
      retryAfterSeconds: 0,
    })
    windows.take('a', limit)
    expect(windows.take('a', limit).allowed).toBe(false)
    expect(windows.take('b', limit).allowed).toBe(true)
  })

  it('never lets a flood of fresh keys drive out one at its limit', () => {
    const clock = fakeClock()
    const windows = createSlidingWindows({ clock, keysMax: 50 })
    const limit = { requests: 3, windowSeconds: 60 }
    for (let i = 0; i < 3; i++) windows.take('full', limit)
    for (let i = 0; i < 5000; i++) windows.take(`fresh ${i}`, limit)
    expect(windows.take('full', limit).allowed).toBe(false)
  })

  it('lets fresh keys share one count where every key is at its limit', () => {
    const clock = fakeClock()
    const windows = createSlidingWindows({ clock, keysMax: 3 })
    const limit = { requests: 1, windowSeconds: 60 }
    const fates = Array.from({ length: 20 }, (_, i) => windows.take(`key ${i}`, limit).allowed)
    expect(fates.filter(Boolean)).toHaveLength(4)
    clock.now += 120_000
    expect(windows.take('later', limit).allowed).toBe(true)
    expect(windows.take('and another', limit).allowed).toBe(true)
  })

  it('does not open when the system clock goes back', () => {
    const clock = fakeClock()
    const windows = createSlidingWindows({ clock })
    const limit = { requests: 1, windowSeconds: 10 }
    expect(windows.take('a', limit).allowed).toBe(true)
    clock.now -= 3_600_000
    expect(windows.take('a', limit).allowed).toBe(false)
  })
})
