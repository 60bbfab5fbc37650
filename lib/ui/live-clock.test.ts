import { describe, expect, it } from 'vitest'
import { makeLiveClock, type Ticking } from './live-clock'

describe('the clock of a live page', () => {
  it('asks when the interval is over, and again after the answer', async () => {
    const { clock, asked, pass } = start()
    clock.add(poll(asked, 'a'))
    await pass(1999)
    expect(asked).toEqual([])
    await pass(1)
    await pass(2000)
    expect(asked).toEqual(['a', 'a'])
  })

  it('never asks while an answer is still out', async () => {
    const { clock, asked, pass } = start()
    let answer = () => {}
    clock.add({
      intervalMs: 2000,
      run: () => {
        asked.push('slow')
        return new Promise((resolve) => {
          answer = resolve
        })
      },
    })
    await pass(9000)
    expect(asked).toEqual(['slow'])
    answer()
    await pass(2000)
    expect(asked).toEqual(['slow', 'slow'])
  })

  it('goes on after a failed answer', async () => {
    const { clock, asked, pass } = start()
    clock.add({ intervalMs: 2000, run: () => Promise.reject(new Error(String(asked.push('x')))) })
    await pass(2000)
    await pass(2000)
    expect(asked).toEqual(['x', 'x'])
  })

  it('polls that are due at about the same time run in one round', async () => {
    const { clock, asked, pass, wakes } = start()
    clock.add(poll(asked, 'a'))
    await pass(100)
    clock.add(poll(asked, 'b'))
    await pass(1900)
    expect(asked).toEqual(['a', 'b'])
    expect(wakes()).toBe(1)
  })

  it('a paused or hidden page asks nothing, and catches up at once', async () => {
    const { clock, asked, pass } = start()
    clock.add(poll(asked, 'a'))
    clock.pause()
    await pass(10_000)
    expect(asked).toEqual([])
    clock.resume()
    await pass(0)
    expect(asked).toEqual(['a'])
    clock.hide()
    await pass(10_000)
    clock.show()
    await pass(0)
    expect(asked).toEqual(['a', 'a'])
  })

  it('stops when the last poll is gone', async () => {
    const { clock, asked, pass } = start()
    clock.add(poll(asked, 'a'))()
    await pass(10_000)
    expect(asked).toEqual([])
  })

  it('spreads the pages of a team by its jitter', async () => {
    const { clock, asked, pass } = start(() => 1)
    clock.add(poll(asked, 'a'))
    await pass(2000)
    await pass(2299)
    expect(asked).toEqual(['a'])
    await pass(1)
    expect(asked).toEqual(['a', 'a'])
  })
})

function poll(asked: string[], name: string) {
  return {
    intervalMs: 2000,
    run: async () => {
      asked.push(name)
    },
  }
}

/** A clock whose time passes only when told. */
function start(random = () => 0.5) {
  let now = 0
  let woken = 0
  let next: { dueMs: number; act: () => void } | null = null
  const asked: string[] = []
  const ticking: Ticking = {
    now: () => now,
    random,
    after: (ms, act) => {
      const mine = { dueMs: now + ms, act }
      next = mine
      return () => {
        if (next === mine) next = null
      }
    },
  }
  const pass = async (ms: number) => {
    await new Promise<void>((resolve) => setImmediate(resolve))
    const end = now + ms
    for (let round = 0; round < 100 && next && next.dueMs <= end; round += 1) {
      now = next.dueMs
      const { act } = next
      next = null
      woken += 1
      act()
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    now = end
  }
  return { clock: makeLiveClock(ticking), asked, pass, wakes: () => woken }
}
