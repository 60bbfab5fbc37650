import { describe, expect, it } from 'vitest'
import {
  formatClock,
  formatDay,
  formatIso,
  formatLogTime,
  formatMoment,
  formatRelative,
  formatTick,
  listMoments,
} from './format-time'

const at = Date.parse('2026-10-12T12:02:31.482Z')
const minute = 60_000
const day = 86_400_000

describe('times in a zone', () => {
  it('a log row has milliseconds on the zone’s clock', () => {
    expect(formatLogTime(at, 'Europe/Berlin')).toBe('14:02:31.482')
    expect(formatLogTime(at, 'Asia/Kathmandu')).toBe('17:47:31.482')
    expect(formatLogTime(-1, 'UTC')).toBe('23:59:59.999')
  })

  it('a moment is as precise as asked', () => {
    expect(formatMoment(at, 'Asia/Kolkata', 'minute')).toBe('12 Oct 2026, 17:32')
    expect(formatMoment(at, 'Asia/Kolkata')).toBe('12 Oct 2026, 17:32:31')
    expect(formatClock(at, 'Asia/Kolkata')).toBe('17:32')
    expect(formatDay(at + day / 2, 'Pacific/Auckland')).toBe('13 Oct 2026')
  })

  it('a tick names the day where one begins', () => {
    const midnight = Date.parse('2026-10-11T22:00:00Z')
    const ticks = [midnight, midnight + 15 * minute].map((ms) =>
      formatTick(ms, 'Europe/Berlin', 15 * minute),
    )
    expect(ticks).toEqual(['12 Oct', '00:15'])
    expect(formatTick(midnight, 'Europe/Berlin', day)).toBe('12 Oct')
    expect(formatTick(midnight, 'Europe/Berlin', 30 * day)).toBe('Oct 2026')
  })

  it('what is not known is a dash', () => {
    expect([formatLogTime(null, 'UTC'), formatRelative(undefined, at, 'UTC')]).toEqual(['–', '–'])
  })
})

describe('relative times', () => {
  it.each([
    [0, 'now'],
    [-2_000, '2 s ago'],
    [-59_999, '59 s ago'],
    [-3 * minute, '3 m ago'],
    [-6.99 * day, '6 d ago'],
    [-7 * day, '5 Oct 2026'],
    [3 * day, 'in 3 d'],
    [9 * day, '21 Oct 2026'],
  ])('%d ms away reads %s', (offset, text) => {
    expect(formatRelative(at + offset, at, 'Europe/Berlin')).toBe(text)
  })
})

describe('what hovering a time shows', () => {
  it('is the console’s zone, the reader’s own, UTC and ISO', () => {
    expect(listMoments(at, 'Europe/Berlin', 'Asia/Kolkata')).toEqual([
      { label: 'Berlin', text: '12 Oct 2026, 14:02:31.482 UTC+02:00' },
      { label: 'Yours, Kolkata', text: '12 Oct 2026, 17:32:31.482 UTC+05:30' },
      { label: 'UTC', text: '12 Oct 2026, 12:02:31.482' },
      { label: 'ISO', text: '2026-10-12T12:02:31.482Z' },
    ])
  })

  it('says nothing twice', () => {
    expect(listMoments(at, 'UTC', 'UTC').map(({ label }) => label)).toEqual(['UTC', 'ISO'])
  })

  it('writes an instant for files with the offset of the zone, of 45 minutes too', () => {
    const at = Date.parse('2026-10-12T12:02:31.482Z')
    expect(formatIso(at, 'UTC')).toBe('2026-10-12T12:02:31.482Z')
    expect(formatIso(at, 'Europe/Berlin')).toBe('2026-10-12T14:02:31.482+02:00')
    expect(formatIso(at, 'Asia/Kathmandu')).toBe('2026-10-12T17:47:31.482+05:45')
    expect(Date.parse(formatIso(at, 'America/St_Johns'))).toBe(at)
  })
})
