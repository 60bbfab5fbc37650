import { describe, expect, it } from 'vitest'
import { bucketOf, listBuckets } from './buckets'
import {
  describeRange,
  endsNow,
  liveIntervalMs,
  parseRange,
  previousPeriod,
  type Range,
  readRange,
  renderRange,
  resolveRange,
  shiftRange,
} from './range'
import { instantOf, startOfDay, startOfMonth, zoneOffsetMs } from './zone'

const hour = 3_600_000
const day = 24 * hour
const berlin = 'Europe/Berlin'
const nowMs = Date.parse('2026-10-12T12:30:00Z')
const setting = { nowMs, zone: berlin }

const period = (text: string, zone = berlin) => {
  const range = parseRange(text, { nowMs, zone })
  return range?.kind === 'absolute'
    ? [new Date(range.fromMs).toISOString(), new Date(range.toMs).toISOString()]
    : range
}

describe('what a person types', () => {
  it.each([
    ['15m', '15m', hour / 4],
    ['2d', '2d', 2 * day],
    [' 90 M ', '90m', 1.5 * hour],
    ['2w', '2w', 14 * day],
  ])('%s is relative', (text, rendered, lengthMs) => {
    expect(parseRange(text, setting)).toEqual({ kind: 'relative', text: rendered, lengthMs })
  })

  it('times are those of the zone, today', () => {
    expect(period('13:00-14:00')).toEqual(['2026-10-12T11:00:00.000Z', '2026-10-12T12:00:00.000Z'])
    expect(period('17:00 – 17:30', 'Asia/Kathmandu')).toEqual([
      '2026-10-12T11:15:00.000Z',
      '2026-10-12T11:45:00.000Z',
    ])
  })

  it('times that are still to come are yesterday’s', () => {
    expect(period('15:00-16:00')).toEqual(['2026-10-11T13:00:00.000Z', '2026-10-11T14:00:00.000Z'])
  })

  it('times may run over midnight', () => {
    expect(period('13:00-02:00')).toEqual(['2026-10-12T11:00:00.000Z', '2026-10-13T00:00:00.000Z'])
  })

  it('a day is the zone’s day', () => {
    expect(period('2026-10-10')).toEqual(['2026-10-09T22:00:00.000Z', '2026-10-10T22:00:00.000Z'])
    expect(period('2026-10-10', 'Asia/Kolkata')).toEqual([
      '2026-10-09T18:30:00.000Z',
      '2026-10-10T18:30:00.000Z',
    ])
    expect(period('yesterday')).toEqual(['2026-10-10T22:00:00.000Z', '2026-10-11T22:00:00.000Z'])
    expect(period('2026-10-10..2026-10-11')).toEqual([
      '2026-10-09T22:00:00.000Z',
      '2026-10-11T22:00:00.000Z',
    ])
  })

  it('two moments are those moments', () => {
    expect(period('2026-10-10 14:00 - 2026-10-10 15:30')).toEqual([
      '2026-10-10T12:00:00.000Z',
      '2026-10-10T13:30:00.000Z',
    ])
  })

  it.each([
    '',
    'x',
    '0h',
    '9999d',
    '25:00-26:00',
    '2026-13-01',
    '2026-10-12..2026-10-01',
    '1h..2h',
    '2026-10-10 14:00',
  ])('%j is none', (text) => expect(parseRange(text, setting)).toBeNull())
})

describe('the URL', () => {
  it('keeps a relative range relative', () => {
    expect(renderRange(readRange('24h', setting))).toBe('24h')
  })

  it('says the same instants in every zone', () => {
    const range = parseRange('2026-10-10 14:00 - 2026-10-10 15:30', setting)
    const text = range ? renderRange(range) : ''
    expect(text).toBe('2026-10-10T12:00:00Z..2026-10-10T13:30:00Z')
    expect(parseRange(text, { nowMs, zone: 'Asia/Kathmandu' })).toEqual(range)
  })

  it('falls back to 24 h', () => {
    expect(readRange('nonsense', setting)).toEqual(readRange(null, setting))
    expect(renderRange(readRange(null, setting))).toBe('24h')
  })
})

describe('moving in time', () => {
  const range: Range = { kind: 'relative', text: '1h', lengthMs: hour }

  it('goes back one length and is absolute from then on', () => {
    const back = shiftRange(range, 'back', nowMs)
    expect(back).toEqual({ kind: 'absolute', fromMs: nowMs - 2 * hour, toMs: nowMs - hour })
    expect(shiftRange(back, 'on', nowMs)).toEqual({
      kind: 'absolute',
      fromMs: nowMs - hour,
      toMs: nowMs,
    })
  })

  it('never goes past now', () => {
    expect(resolveRange(shiftRange(range, 'on', nowMs), nowMs)).toEqual(resolveRange(range, nowMs))
  })

  it('ends now when it is relative, or goes on past now: nothing comes after it', () => {
    expect(endsNow(range, nowMs)).toBe(true)
    const today = parseRange('today', setting)
    expect(today && endsNow(today, nowMs)).toBe(true)
    expect(endsNow(shiftRange(range, 'back', nowMs), nowMs)).toBe(false)
  })

  it('the period before is as long and touches', () => {
    expect(previousPeriod({ fromMs: 100, toMs: 150 })).toEqual({ fromMs: 50, toMs: 100 })
  })

  it('a live page asks every 2 s, beyond 24 h every 10 s', () => {
    expect(liveIntervalMs(range)).toBe(2000)
    expect(liveIntervalMs({ kind: 'relative', text: '7d', lengthMs: 7 * day })).toBe(10_000)
  })
})

describe('in words', () => {
  it.each([
    ['24h', 'Last 24 h'],
    ['2026-10-10', '10 Oct'],
    ['2026-10-10..2026-10-11', '10 – 11 Oct'],
    ['2026-09-30..2026-10-02', '30 Sep – 2 Oct'],
    ['13:00-14:00', '12 Oct, 13:00 – 14:00'],
    ['13:00-02:00', '12 Oct, 13:00 – 13 Oct, 02:00'],
  ])('%s reads %s', (text, words) => {
    expect(describeRange(readRange(text, setting), berlin)).toBe(words)
  })
})

describe('zones', () => {
  it('know their offsets, half and quarter hours too', () => {
    expect(zoneOffsetMs(nowMs, 'Asia/Kolkata')).toBe(5.5 * hour)
    expect(zoneOffsetMs(nowMs, 'Asia/Kathmandu')).toBe(5.75 * hour)
    expect(zoneOffsetMs(nowMs, berlin)).toBe(2 * hour)
  })

  it('an hour that is skipped or comes twice has one answer', () => {
    const skipped = instantOf({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, berlin)
    expect(new Date(skipped).toISOString()).toBe('2026-03-29T01:30:00.000Z')
    const twice = instantOf({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, berlin)
    expect(new Date(twice).toISOString()).toBe('2026-10-25T00:30:00.000Z')
  })

  it('months begin at the zone’s midnight', () => {
    expect(new Date(startOfMonth(nowMs, 'Asia/Kolkata', 1)).toISOString()).toBe(
      '2026-10-31T18:30:00.000Z',
    )
  })
})

describe('buckets', () => {
  it.each([
    [hour / 4, 'minute'],
    [hour, 'minute'],
    [day, 'quarter'],
    [2 * day, 'hour'],
    [7 * day, 'three-hours'],
    [14 * day, 'six-hours'],
    [30 * day, 'day'],
    [365 * day, 'month'],
  ] as const)('%d ms are cut by the %s', (length, bucket) => {
    expect(bucketOf({ fromMs: 0, toMs: length })).toBe(bucket)
  })

  it('hours begin where the zone’s hours do', () => {
    const [kolkata] = listBuckets({ fromMs: nowMs, toMs: nowMs + 1 }, 'hour', 'Asia/Kolkata')
    const [kathmandu] = listBuckets({ fromMs: nowMs, toMs: nowMs + 1 }, 'hour', 'Asia/Kathmandu')
    expect(new Date(kolkata ?? 0).toISOString()).toBe('2026-10-12T12:30:00.000Z')
    expect(new Date(kathmandu ?? 0).toISOString()).toBe('2026-10-12T12:15:00.000Z')
  })

  it.each([
    ['2026-03-29', 23],
    ['2026-03-30', 24],
    ['2026-10-25', 25],
  ])('%s in Berlin has %d hours and is one day', (date, hours) => {
    const fromMs = startOfDay(Date.parse(`${date}T12:00:00Z`), berlin)
    const toMs = startOfDay(fromMs, berlin, 1)
    expect(listBuckets({ fromMs, toMs }, 'hour', berlin)).toHaveLength(hours)
    expect(listBuckets({ fromMs, toMs }, 'day', berlin)).toEqual([fromMs])
    expect(toMs - fromMs).toBe(hours * hour)
  })

  it('leave nothing out and count nothing twice across both clock changes', () => {
    for (const date of ['2026-03-28', '2026-10-24']) {
      const fromMs = startOfDay(Date.parse(`${date}T12:00:00Z`), berlin)
      const toMs = startOfDay(fromMs, berlin, 3)
      const starts = listBuckets({ fromMs, toMs }, 'three-hours', berlin)
      expect(starts[0]).toBe(fromMs)
      expect([...starts].sort((a, b) => a - b)).toEqual(starts)
      const midnights = [0, 1, 2].map((days) => startOfDay(fromMs, berlin, days))
      expect(midnights.every((midnight) => starts.includes(midnight))).toBe(true)
    }
  })

  it('are never endless', () => {
    expect(listBuckets({ fromMs: 0, toMs: 400 * day }, 'minute', 'UTC')).toHaveLength(2000)
  })
})
