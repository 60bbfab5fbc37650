import { describe, expect, it } from 'vitest'
import { parseRange, previousPeriod } from '@/lib/ui/range'
import {
  changeParams,
  readComparison,
  readUsageQuery,
  requestsHref,
  usageCommand,
} from './usage-query'

const nowMs = Date.parse('2026-11-21T12:00:00Z')
const dayMs = 86_400_000
const setting = { nowMs, timezone: 'Europe/Berlin' }
const read = (query: string) => readUsageQuery(new URLSearchParams(query), setting)
const iso = (ms: number | undefined) => new Date(ms ?? 0).toISOString()

describe('what the URL asks for', () => {
  it('is the last 24 h by model when it says nothing, or nonsense', () => {
    const plain = { by: 'model', bucket: 'quarter', measure: 'requests', of: null, compare: null }
    expect(read('')).toMatchObject(plain)
    expect(read('by=weather&per=century&measure=joy&compare=whatever&range=x')).toMatchObject(plain)
    expect(read('').period).toEqual({ fromMs: nowMs - dayMs, toMs: nowMs })
  })

  it('is cut by hour, day, month and hour of day, as far as that fits', () => {
    expect(read('range=30d&per=hour').bucket).toBe('hour')
    expect(read('range=90d&per=hour').bucket).toBe('day')
    expect(read('range=60d&per=hour-of-day').bucket).toBe('hour-of-day')
    expect(read('range=90d&per=hour-of-day').bucket).toBe('day')
    expect(read('range=90d&per=month').bucket).toBe('month')
  })

  it('is one user, or one key', () => {
    expect(read('user=u1').of).toEqual({ kind: 'user', id: 'u1' })
    expect(read('key=k1').of).toEqual({ kind: 'key', id: 'k1' })
  })
})

describe('a comparison', () => {
  const day = parseRange('2026-10-26', { nowMs, zone: 'Europe/Berlin' })
  const period = day?.kind === 'absolute' ? day : { fromMs: 0, toMs: 1 }
  const compare = (text: string) => readComparison(text, period, setting)

  it('with the period before is as long and touches', () => {
    expect(compare('before')).toEqual(previousPeriod(period))
  })

  it('with a week, month or year earlier keeps the clock across a clock change', () => {
    expect(iso(period.fromMs)).toBe('2026-10-25T23:00:00.000Z')
    expect(iso(compare('week')?.fromMs)).toBe('2026-10-18T22:00:00.000Z')
    expect(iso(compare('month')?.fromMs)).toBe('2026-09-25T22:00:00.000Z')
    expect(iso(compare('year')?.fromMs)).toBe('2025-10-25T22:00:00.000Z')
    expect(iso(compare('year')?.toMs)).toBe('2025-10-26T23:00:00.000Z')
  })

  it('with the month before of a 31st begins on that month’s last day', () => {
    const march = { fromMs: Date.parse('2026-03-31T00:00:00Z'), toMs: Date.parse('2026-04-01') }
    const before = readComparison('month', march, { nowMs, timezone: 'UTC' })
    expect(iso(before?.fromMs)).toBe('2026-02-28T00:00:00.000Z')
    expect(iso(before?.toMs)).toBe('2026-03-01T00:00:00.000Z')
  })

  it('with a typed range is that range', () => {
    expect(iso(compare('2026-10-01..2026-10-02')?.fromMs)).toBe('2026-09-30T22:00:00.000Z')
  })
})

describe('a line leads on', () => {
  it('to the requests that it counts, or nowhere', () => {
    const at = { range: '7d', of: null }
    expect(requestsHref('model', 'llama3.2:3b', at)).toBe(
      '/console/requests?range=7d&model=llama3.2:3b',
    )
    expect(requestsHref('outcome', 'failed', { ...at, of: { kind: 'user', id: 'u1' } })).toBe(
      '/console/requests?range=7d&user=u1&outcome=failed',
    )
    expect(requestsHref('user', '', at)).toBeNull()
  })

  it('to the same figures on the command line', () => {
    expect(
      usageCommand({ kind: 'relative', text: '7d', lengthMs: 7 * dayMs }, 'key', null),
    ).toEqual(['usage', '--by', 'key', '--since', '7d'])
    expect(usageCommand({ kind: 'absolute', fromMs: 0, toMs: dayMs }, 'model', null)).toEqual(
      'usage --by model --since 1970-01-01T00:00:00.000Z --until 1970-01-02T00:00:00.000Z'.split(
        ' ',
      ),
    )
  })

  it('and a change of one thing keeps the others', () => {
    const params = new URLSearchParams('range=7d&by=key')
    expect(changeParams(params, { by: 'user', compare: 'week' })).toBe(
      'range=7d&by=user&compare=week',
    )
    expect(changeParams(params, { by: null })).toBe('range=7d')
  })
})
