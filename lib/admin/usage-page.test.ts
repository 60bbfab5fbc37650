import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { startOfDay } from '@/lib/ui/zone'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { readUsagePage, readUsageReport, searchUsageWho, type UsageQuery } from './usage-page'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const zones = ['Europe/Berlin', 'Asia/Kolkata', 'Asia/Kathmandu']

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`the usage page on ${engine}`, () => {
    const nowMs = Date.UTC(2026, 10, 3, 12)
    let test: FiguresContext
    let records: UsageRecord[]

    beforeAll(async () => {
      test = await openFiguresContext({ url: url ?? '', nowMs, timezone: 'UTC' })
      records = makeRecords(test)
      await test.ingest(records)
    })
    afterAll(() => test?.close())

    const query = (wanted: Partial<UsageQuery>): UsageQuery => ({
      period: { fromMs: nowMs - dayMs, toMs: nowMs },
      compare: null,
      timezone: 'UTC',
      by: 'model',
      bucket: 'hour',
      measure: 'requests',
      of: null,
      ...wanted,
    })
    const countBy = (period: { fromMs: number; toMs: number }, name: (ms: number) => string) => {
      const counts: Record<string, number> = {}
      for (const { startedAtMs } of records) {
        if (startedAtMs < period.fromMs || startedAtMs >= period.toMs) continue
        counts[name(startedAtMs)] = (counts[name(startedAtMs)] ?? 0) + 1
      }
      return counts
    }

    it.each(zones)(
      'counts hours and days as clocks of %s show them, on both changes',
      async (zone) => {
        const hourOf = (ms: number) =>
          new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit' }).format(ms)
        for (const date of ['2026-03-29', '2026-10-25']) {
          const fromMs = startOfDay(Date.parse(`${date}T12:00:00Z`), zone)
          const period = { fromMs, toMs: startOfDay(fromMs, zone, 1) }
          const asked = { period, timezone: zone }
          const { series } = await readUsagePage(test, query({ ...asked, bucket: 'hour-of-day' }))
          const expected = countBy(period, hourOf)
          for (const [hour, requests] of series.measures.requests.entries()) {
            expect(requests).toBe(expected[String(hour).padStart(2, '0')] ?? 0)
          }
          const hours = (await readUsagePage(test, query(asked))).series
          expect(hours.measures.requests).toHaveLength((period.toMs - fromMs) / hourMs)
          expect(new Set(hours.measures.requests)).toEqual(new Set([4]))
          const day = (await readUsagePage(test, query({ ...asked, bucket: 'day' }))).series
          expect(day.measures.requests).toEqual([((period.toMs - fromMs) / hourMs) * 4])
        }
      },
    )

    it.each(zones)('reports the month that %s had, day by day', async (zone) => {
      const dateOf = (ms: number) => new Date(ms).toLocaleDateString('sv-SE', { timeZone: zone })
      const report = await readUsageReport(test, { month: '2026-10', timezone: zone, of: null })
      const all = { fromMs: 0, toMs: nowMs }
      const expected = Object.entries(countBy(all, dateOf)).filter(([date]) =>
        date.startsWith('2026-10'),
      )
      const days = (report.days.bucketStartsMs ?? []).map((at) => dateOf(at))
      expect(days).toHaveLength(31)
      for (const [date, requests] of expected) {
        expect(report.days.measures.requests[days.indexOf(date)]).toBe(requests)
      }
      expect(report.total.requests).toBe(expected.reduce((sum, [, count]) => sum + count, 0))
      expect(report.isOpen).toBe(false)
    })

    it('counts all against the period before, unless another one is compared with', async () => {
      const day = (date: number) => ({
        fromMs: Date.UTC(2026, 9, date),
        toMs: Date.UTC(2026, 9, date + 1),
      })
      const within = ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
        records.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs).length
      const alone = await readUsagePage(test, query({ period: day(23) }))
      expect(alone.total).toMatchObject({ requests: 96, before: { requests: within(day(22)) } })
      expect(alone.table.total.before).toBeNull()
      const compared = await readUsagePage(test, query({ period: day(23), compare: day(24) }))
      expect(compared.total.before.requests).toBe(within(day(24)))
      expect(within(day(22))).toBeLessThan(within(day(24)))
    })

    it('of a month that is not over has the days that were', async () => {
      const report = await readUsageReport(test, { month: '2026-11', timezone: 'UTC', of: null })
      expect(report.isOpen).toBe(true)
      expect(report.days.bucketStartsMs).toHaveLength(3)
    })

    it('measures are the sum of what the chart stacks, and of a comparison too', async () => {
      const period = { fromMs: nowMs - 12 * dayMs, toMs: nowMs }
      const compare = { fromMs: nowMs - 300 * dayMs, toMs: nowMs - 200 * dayMs }
      const page = await readUsagePage(
        test,
        query({ period, compare, bucket: 'day', measure: 'tokens' }),
      )
      const { series, table, before } = page
      const stacked = series.measures.tokens.map((_, index) =>
        series.series.reduce((sum, { points }) => sum + (points[index] ?? 0), 0),
      )
      expect(series.measures.tokens).toEqual(stacked)
      const { promptTokens, completionTokens } = table.total
      expect(sum(stacked)).toBe(promptTokens + completionTokens)
      expect(sum(before?.measures.requests ?? [])).toBe(table.total.before?.requests)
      expect(table.total.before?.requests).toBeGreaterThan(0)
    })

    it('counts one user or key only by what roll-ups tell of them', async () => {
      const period = { fromMs: nowMs - 300 * dayMs, toMs: nowMs }
      const ofAna = { kind: 'user' as const, id: test.ana.id }
      const user = await readUsagePage(
        test,
        query({ period, bucket: 'month', by: 'backend', of: ofAna }),
      )
      expect(user).toMatchObject({ groups: ['model', 'key', 'user'], by: 'model' })
      expect(user.who).toMatchObject({ kind: 'user', name: 'ana' })
      expect(user.table.total.requests).toBe(records.length)
      const ofKey = { kind: 'key' as const, id: test.tomKey.id }
      const key = await readUsagePage(test, query({ period, bucket: 'month', of: ofKey }))
      expect(key).toMatchObject({ groups: ['model', 'key'], who: { detail: 'tom' } })
      expect(key.table.total.requests).toBe(0)
    })

    it('finds users and keys by a part of their names, for a member their own only', async () => {
      const found = await searchUsageWho(test, 'TOM')
      expect(found.some(({ kind, id }) => kind === 'user' && id === test.tom.id)).toBe(true)
      const actor = { kind: 'user', id: test.ana.id, name: 'ana', role: 'member' } as const
      const member = { ...test, actor: { ...actor, via: 'console' as const, address: null } }
      expect((await searchUsageWho(member, '')).map(({ id }) => id)).toEqual([
        test.ana.id,
        test.anaKey.id,
      ])
      const ofTom = { kind: 'user' as const, id: test.tom.id }
      await expect(readUsagePage(member, query({ of: ofTom }))).rejects.toMatchObject({
        code: 'admin.forbidden',
      })
    })
  })
}

/** Four an hour, from three days before each change of clocks in Berlin to three days after. */
function makeRecords({ ana, anaKey }: FiguresContext): UsageRecord[] {
  const changes = [Date.UTC(2026, 2, 29, 12), Date.UTC(2026, 9, 25, 12)]
  return changes.flatMap((changeMs) =>
    Array.from({ length: 6 * 24 * 4 }, (_, index) =>
      makeUsageRecord({
        startedAtMs: changeMs - 3 * dayMs + index * (hourMs / 4) + 61_000,
        keyId: anaKey.id,
        keyPrefix: anaKey.prefix,
        userId: ana.id,
        principal: 'ana',
        modelServed: `model-${index % 9}`,
        promptTokens: index % 50,
        completionTokens: index % 31,
      }),
    ),
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
