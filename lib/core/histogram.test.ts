import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addToHistogram,
  type Histogram,
  mergeIntoHistogram,
  parseHistogram,
  quantileOfHistogram,
  renderHistogram,
} from './histogram'

const values = fc.array(fc.double({ min: 0.01, max: 1e8, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
})

describe('histogram', () => {
  test('a percentile is within 4.5 % of the value at that rank', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (sample, quantile) => {
        const sorted = [...sample].sort((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil(quantile * sorted.length)) - 1] ?? 0
        const found = quantileOfHistogram(histogramOf(sample), quantile) ?? 0
        expect(Math.abs(found - exact) / exact).toBeLessThan(0.045)
      }),
    )
  })

  test('merging two histograms is the histogram of all their values', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const merged = histogramOf(first)
        mergeIntoHistogram(merged, histogramOf(second))
        expect(renderHistogram(merged)).toBe(renderHistogram(histogramOf([...first, ...second])))
      }),
    )
  })

  test('what is rendered is parsed to the same', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const histogram = histogramOf(sample)
        expect(parseHistogram(renderHistogram(histogram))).toEqual(histogram)
      }),
    )
  })

  test('zero, negative and absurd values are counted, in a bounded number of buckets', () => {
    const histogram = histogramOf([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 1e-300])
    expect(histogram.size).toBe(3)
    expect(quantileOfHistogram(histogram, 0.5)).toBe(0)
  })

  test('an empty histogram has no percentile and an empty text', () => {
    expect(quantileOfHistogram(new Map(), 0.5)).toBeNull()
    expect(renderHistogram(new Map())).toBe('')
    expect(parseHistogram('')).toEqual(new Map())
    expect(parseHistogram('nonsense 1:x :3')).toEqual(new Map())
  })
})

function histogramOf(sample: number[]): Histogram {
  const histogram: Histogram = new Map()
  for (const value of sample) addToHistogram(histogram, value)
  return histogram
}
