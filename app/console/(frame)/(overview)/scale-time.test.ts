import { describe, expect, it } from 'vitest'
import { scaleTime } from './scale-time'

describe('scaleTime', () => {
  it('takes the unit in which the largest is at least two', () => {
    expect(scaleTime(0).unit).toBe('ms')
    expect(scaleTime(1999).unit).toBe('ms')
    expect(scaleTime(2000).unit).toBe('s')
    expect(scaleTime(119_999).unit).toBe('s')
    expect(scaleTime(120_000).unit).toBe('min')
    expect(scaleTime(7_200_000).unit).toBe('h')
  })

  it('writes axes short and figures as everywhere', () => {
    const seconds = scaleTime(9000)
    expect(seconds.formatAxis(2.5)).toBe('2.5 s')
    expect(seconds.formatAxis(0)).toBe('0')
    expect(seconds.format(2.456)).toBe('2.46 s')
    expect(scaleTime(7_200_000).format(0.07)).toBe('4 m 12 s')
  })
})
