import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPacedRead } from './paced-read'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function countingRead(takesMs: number) {
  const beganAtMs: number[] = []
  const startMs = Date.now()
  const paced = createPacedRead({
    gapMs: 2000,
    nowMs: () => Date.now(),
    read: async () => {
      beganAtMs.push(Date.now() - startMs)
      await new Promise((resolve) => setTimeout(resolve, takesMs))
    },
  })
  return { paced, beganAtMs }
}

test('a hundred who ask at once share one reading', async () => {
  const { paced, beganAtMs } = countingRead(50)
  const all = Promise.all(Array.from({ length: 100 }, () => paced.join()))
  await vi.advanceTimersByTimeAsync(50)
  await all
  expect(beganAtMs).toEqual([0])
})

test('who asks after a change gets a reading that began after it, one in two seconds', async () => {
  const { paced, beganAtMs } = countingRead(50)
  void paced.ask()
  await vi.advanceTimersByTimeAsync(10)
  let newer = false
  void paced.ask().then(() => {
    newer = true
  })
  void paced.ask()
  await vi.advanceTimersByTimeAsync(100)
  expect(newer).toBe(false)
  await vi.advanceTimersByTimeAsync(2000)
  expect(newer).toBe(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(beganAtMs).toEqual([0, 2000])
})

test('joining is content with a reading of the last two seconds and reads after that', async () => {
  const { paced, beganAtMs } = countingRead(50)
  void paced.join()
  await vi.advanceTimersByTimeAsync(100)
  await paced.join()
  expect(beganAtMs).toEqual([0])
  await vi.advanceTimersByTimeAsync(2000)
  void paced.join()
  expect(beganAtMs).toEqual([0, 2100])
})

test('a reading that fails rejects for nobody and the next one works', async () => {
  let reads = 0
  const paced = createPacedRead({
    gapMs: 0,
    nowMs: () => Date.now(),
    read: async () => {
      reads++
      throw new Error('no')
    },
  })
  await paced.ask()
  await paced.ask()
  expect(reads).toBe(2)
})

test('stopping lets go of everyone who waits and leaves no timer', async () => {
  const { paced } = countingRead(0)
  void paced.ask()
  await vi.advanceTimersByTimeAsync(1)
  const waiting = paced.ask()
  expect(vi.getTimerCount()).toBe(1)
  paced.stop()
  await waiting
  expect(vi.getTimerCount()).toBe(0)
})
