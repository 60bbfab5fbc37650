import { describe, expect, it } from 'vitest'
import { limitSeries, niceTicks, pickTicks, type Series } from './series'

const series = (id: string, ...values: (number | null)[]): Series => ({ id, label: id, values })

describe('series of a chart', () => {
  it('are six at most; the small ones are summed as other', () => {
    const many = [5, 4, 3, 2, 9, 8, 7, 6].map((size, index) => series(`s${index}`, size, null))
    const limited = limitSeries(many)
    expect(limited.map(({ id }) => id)).toEqual(['s0', 's1', 's4', 's5', 's6', 's7', 'other'])
    expect(limited.at(-1)?.values).toEqual([5, null])
  })

  it('few stay as they are', () => {
    expect(limitSeries([series('a', 1)])).toEqual([series('a', 1)])
  })
})

describe('axes', () => {
  it.each([
    [0, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2.5, 5, 7.5]],
    [950, [0, 500, 1000]],
    [0.3, [0, 0.1, 0.2, 0.3]],
  ])('up to %d begin at 0 and have few lines', (largest, ticks) => {
    expect(niceTicks(largest)).toEqual(ticks)
  })

  it('have at most 8 labels', () => {
    const starts = Array.from({ length: 96 }, (_, index) => index)
    expect(pickTicks(starts)).toHaveLength(8)
    expect(pickTicks([1, 2, 3])).toEqual([1, 2, 3])
  })
})
