import { describe, expect, it } from 'vitest'
import { limitSeries, niceTicks, pickTicks, type Series } from './series'
import { startOfDay } from './zone'

const series = (id: string, ...values: (number | null)[]): Series => ({ id, label: id, values })

describe('series of a chart', () => {
  it('are six at most; the small ones are summed as other', () => {
    const many = [5, 4, 3, 2, 9, 8, 7, 6].map((size, index) => series(`s${index}`, size, null))
    const limited = limitSeries(many)
    expect(limited.map(({ id }) => id)).toEqual(['s0', 's1', 's4', 's5', 's6', 's7', 'other'])
    expect(limited.at(-1)?.values).toEqual([5, null])
  })

  it('what was summed as other before stays the seventh, with its own words', () => {
    const six = [1, 2, 3, 4, 5, 6].map((size) => series(`s${size}`, size))
    const rest = { id: 'other', label: '9 others', values: [40] }
    const limited = limitSeries([...six, rest])
    expect(limited.map(({ id }) => id)).toEqual(['s1', 's2', 's3', 's4', 's5', 's6', 'other'])
    expect(limited.at(-1)).toEqual({ ...rest, color: 'var(--chart-8)' })
    const more = limitSeries([...six, series('s7', 7), rest])
    expect(more.filter(({ id }) => id === 'other')).toMatchObject([{ values: [41] }])
  })

  it('few stay as they are', () => {
    expect(limitSeries([series('a', 1)])).toEqual([series('a', 1)])
  })
})

describe('axes', () => {
  it.each([
    [0, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [160, [0, 50, 100, 150, 200]],
    [950, [0, 250, 500, 750, 1000]],
    [0.3, [0, 0.1, 0.2, 0.3]],
  ])('up to %d begin at 0 and have few lines', (largest, ticks) => {
    expect(niceTicks(largest)).toEqual(ticks)
  })

  it('of counts stand at whole numbers', () => {
    expect(niceTicks(1, true)).toEqual([0, 1])
    expect(niceTicks(2, true)).toEqual([0, 1, 2])
    expect(niceTicks(10, true)).toEqual([0, 5, 10])
    expect(niceTicks(950, true)).toEqual([0, 250, 500, 750, 1000])
  })

  it('have at most 8 labels', () => {
    const day = Array.from({ length: 96 }, (_, index) => index * 900_000 + 2_700_000)
    expect(pickTicks(day, 'UTC').length).toBeLessThanOrEqual(8)
    expect(pickTicks([1, 2, 3], 'UTC')).toEqual([1, 2, 3])
  })

  it('have their labels at round times of the zone', () => {
    const quarters = Array.from({ length: 96 }, (_, index) => index * 900_000 + 2_700_000)
    const minutesOf = (zone: string) =>
      pickTicks(quarters, zone).map((at) => ((at - startOfDay(at, zone)) / 60_000) % 180)
    expect(new Set(minutesOf('UTC'))).toEqual(new Set([0]))
    expect(new Set(minutesOf('Asia/Kathmandu'))).toEqual(new Set([0]))
  })

  it('of months are evenly apart', () => {
    const months = Array.from({ length: 12 }, (_, index) => Date.UTC(2026, index))
    expect(pickTicks(months, 'UTC')).toEqual(months.filter((_, index) => index % 2 === 0))
  })
})
