import { describe, expect, it } from 'vitest'
import { monthWords, readMonth, shiftMonth } from './months'

describe('the month of a report', () => {
  it('is this month where the URL names none, or one that is still to come', () => {
    expect(readMonth(null, '2026-11')).toBe('2026-11')
    expect(readMonth('2026-13', '2026-11')).toBe('2026-11')
    expect(readMonth('2026-12', '2026-11')).toBe('2026-11')
    expect(readMonth('2026-10', '2026-11')).toBe('2026-10')
  })

  it('moves over the end of a year', () => {
    expect(shiftMonth('2026-12', 1)).toBe('2027-01')
    expect(shiftMonth('2026-01', -1)).toBe('2025-12')
    expect(shiftMonth('2026-11', -12)).toBe('2025-11')
  })

  it('is said in words', () => {
    expect(monthWords('2026-10')).toBe('October 2026')
  })
})
