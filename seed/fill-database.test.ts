import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { overview } from '@/lib/admin/overview'
import { usageSeries } from '@/lib/admin/usage-figures'
import { deriveSealKey } from '@/lib/core/seal'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { createTestDatabases } from '@/tests/support/test-databases'
import { fillDatabase } from './fill-database'
import { spreadOverHours } from './make-records'

const nowMs = Date.UTC(2026, 9, 28, 15, 20)
const dayMs = 86_400_000

test('nights and week-ends are quiet, and every request has its hour', () => {
  const hours = spreadOverHours({ fromMs: nowMs - 14 * dayMs, toMs: nowMs, records: 100_000 })
  expect(hours.reduce((sum, hour) => sum + hour.records, 0)).toBe(100_000)
  const at = (iso: string) => hours.find((hour) => hour.fromMs === Date.parse(iso))?.records ?? 0
  expect(at('2026-10-21T10:00Z')).toBeGreaterThan(at('2026-10-21T02:00Z') * 5)
  expect(at('2026-10-21T10:00Z')).toBeGreaterThan(at('2026-10-18T10:00Z') * 3)
})

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`a seed of ${engine}`, () => {
    let database: Database
    let context: AdminContext

    beforeAll(async () => {
      database = await openDatabase({ url: url ?? '' })
      await database.migrate()
      await database.ensureDefaultFrontend()
      context = {
        database,
        actor: commandLineOperator,
        clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
        sealKey: deriveSealKey('a secret of tests, long enough to seal with'),
      }
      await fillDatabase(context, { records: 1000, seed: 7 })
    }, 120_000)
    afterAll(() => database?.close())

    test('has a month of records, with people, models, servers and errors in it', async () => {
      const range = { fromMs: nowMs - 30 * dayMs, toMs: nowMs }
      const found = await overview(context, { range, timezone: 'UTC' })
      expect(found.tiles.requests.value).toBe(1000)
      expect(found.tiles.activeUsers?.value).toBeGreaterThan(10)
      expect(found.traffic.byModel.length).toBe(7)
      expect(found.errors.length).toBeGreaterThan(2)
      expect(
        (await database.listBackendEvents({ sinceMs: range.fromMs - 1 })).length,
      ).toBeGreaterThan(4)
    })

    test('has no phase that is longer than its request', async () => {
      const records = await database.listUsageRecords({ limit: 1000 })
      const longer = records.filter((record) => {
        const { queueMs, loadMs, prefillMs, decodeMs, totalMs } = record
        return (queueMs ?? 0) + (loadMs ?? 0) + (prefillMs ?? 0) + (decodeMs ?? 0) > totalMs + 1
      })
      expect(longer).toEqual([])
    })

    test('has a year of roll-ups before them, without records and minutes', async () => {
      const period = { fromMs: nowMs - 365 * dayMs, toMs: nowMs - 30 * dayMs }
      const series = await usageSeries(context, {
        by: null,
        bucket: 'month',
        period,
        timezone: 'UTC',
      })
      const months = series.series[0]?.points ?? []
      expect(months.reduce((sum, month) => sum + month, 0)).toBe(100)
      const facts = await database.readDatabaseFacts()
      expect(facts.usageRecords.oldestMs).toBeGreaterThanOrEqual(nowMs - 30 * dayMs)
    })
  })
}
