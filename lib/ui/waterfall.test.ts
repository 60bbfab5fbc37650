import { describe, expect, it } from 'vitest'
import { layWaterfall } from './waterfall'

describe('the waterfall of a request', () => {
  it('its parts follow each other and add up to the total', () => {
    const rows = layWaterfall(
      [
        { kind: 'queue', lengthMs: 100 },
        { kind: 'load', lengthMs: 600 },
        { kind: 'decode', lengthMs: 250 },
      ],
      1000,
    )
    expect(rows.map(({ kind, fromMs, lengthMs }) => [kind, fromMs, lengthMs])).toEqual([
      ['queue', 0, 100],
      ['load', 100, 600],
      ['decode', 700, 250],
      ['gateway', 950, 50],
    ])
    expect(rows.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(100)
  })

  it('what is not known or took no time has no row', () => {
    const parts = [
      { kind: 'load', lengthMs: null } as const,
      { kind: 'queue', lengthMs: 0 } as const,
    ]
    expect(layWaterfall([...parts, { kind: 'decode', lengthMs: 10 }], 10.4)).toHaveLength(1)
  })

  it('a failed attempt keeps its place and its reason', () => {
    const [failed] = layWaterfall(
      [{ kind: 'failed', label: 'gpu-2 refused', fromMs: 5, lengthMs: 20 }],
      100,
    )
    expect(failed).toMatchObject({ label: 'gpu-2 refused', left: 5, width: 20 })
  })

  it('never leaves the picture, even when clocks disagree', () => {
    const rows = layWaterfall([{ kind: 'decode', fromMs: 90, lengthMs: 50 }], 100)
    expect(rows.every(({ left, width }) => left >= 0 && left + width <= 100)).toBe(true)
  })

  it('a request without a duration has no width', () => {
    expect(layWaterfall([{ kind: 'queue', lengthMs: 5 }], 0)[0]?.width).toBe(0)
  })
})
