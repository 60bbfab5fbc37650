import { expect, test } from 'vitest'
import { firstStep, nextStep } from './search-step'

test('a step grows until it lasts 20 ms, and stays there', () => {
  const rowsInMs = 100
  let step = firstStep
  const steps = Array.from({ length: 5 }, () => {
    step = nextStep({ step, tookMs: step / rowsInMs, leftMs: 200 })
    return step
  })
  expect(steps).toEqual([2000, 2000, 2000, 2000, 2000])
})

test('a step that took long is followed by a small one', () => {
  expect(nextStep({ step: 8000, tookMs: 400, leftMs: 100 })).toBe(400)
})

test('the last step fits into what is left of the time', () => {
  expect(nextStep({ step: 2000, tookMs: 20, leftMs: 5 })).toBe(500)
})

test('no step is too small to come forward, nor a leap into the dark', () => {
  expect(nextStep({ step: 1000, tookMs: 5000, leftMs: 1 })).toBe(200)
  expect(nextStep({ step: 1000, tookMs: 0, leftMs: 200 })).toBe(4000)
  expect(nextStep({ step: 4000, tookMs: 1, leftMs: 200 })).toBe(4000)
})
