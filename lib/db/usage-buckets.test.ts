import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listBuckets } from '@/lib/ui/buckets'
import { createRunFolder, createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import type { Database, NodeReport } from './contract'
import { openDatabase } from './open-database'
import { renderUsageLine } from './usage-line'

const hourMs = 3_600_000
const zones = ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Europe/Berlin', 'Australia/Lord_Howe']
// Both days of a clock change in Berlin, and one of Lord Howe's half hours.
const begins = {
  spring: Date.UTC(2026, 2, 28),
  autumn: Date.UTC(2026, 9, 24),
  howe: Date.UTC(2026, 3, 3),
}

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`buckets of ${engine}`, () => {
    const records = Object.values(begins).flatMap((beginMs) =>
      Array.from({ length: 500 }, (_, index) =>
        makeUsageRecord({
          startedAtMs: beginMs + index * 11 * 60_000 + (index % 60) * 1000,
          userId: index % 5 === 0 ? null : `user-${index % 3}`,
          keyId: `key-${index % 4}`,
          modelServed: `model-${index % 2}`,
          status: index % 10 === 0 ? 429 : 200,
          errorCode: index % 10 === 0 ? 'limits.rate_exceeded' : null,
          totalMs: 100 + index,
          queueMs: 2,
        }),
      ),
    )
    let db: Database

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '', timezone: 'Europe/Berlin' })
      await db.migrate()
      const name = 'buckets-0123456789-000001.jsonl'
      const file = path.join(createRunFolder(), name)
      writeFileSync(file, records.map(renderUsageLine).join(''))
      while (!(await db.ingestJournalSegment({ path: file, name, bytesMax: 1_000_000 })).ended);
    })
    afterAll(() => db?.close())

    test('hours and days hold what happened in them, in zones of 30 and 45 minutes and on days of clock change', async () => {
      for (const timezone of zones) {
        while (!(await db.rerollDays(timezone)));
        for (const beginMs of Object.values(begins)) {
          for (const bucket of ['hour', 'three-hours', 'day'] as const) {
            const period = { fromMs: beginMs, toMs: beginMs + 4 * 24 * hourMs }
            const edges = listBuckets(period, bucket, timezone)
            const stretches = edges.map((fromMs, index) => ({
              index,
              fromMs,
              untilMs: edges[index + 1] ?? fromMs + 24 * hourMs,
            }))
            const found = await db.readUsageBuckets({
              dimensions: ['all'],
              stretches,
              quantiles: false,
            })
            const expected = stretches.map(({ fromMs, untilMs }) => countWithin(fromMs, untilMs))
            const counted = stretches.map(
              ({ index }) => found.find((one) => one.index === index)?.requests ?? 0,
            )
            expect(counted, `${timezone} ${bucket}`).toEqual(expected)
          }
        }
      }
    }, 60_000)

    test('stretches of one index are counted together, values are kept apart and chosen', async () => {
      const stretches = [0, 1, 2].map((day) => ({
        index: 0,
        fromMs: begins.spring + day * 24 * hourMs,
        untilMs: begins.spring + day * 24 * hourMs + hourMs,
      }))
      const fits = (at: number) =>
        stretches.some(({ fromMs, untilMs }) => at >= fromMs && at < untilMs)
      const within = records.filter((record) => fits(record.startedAtMs))
      const filter = { dimensions: ['model' as const], stretches, quantiles: true }
      const found = await db.readUsageBuckets(filter)
      expect(found.map((one) => [one.value, one.requests]).sort()).toEqual(
        ['model-0', 'model-1'].map((model) => [
          model,
          within.filter((record) => record.modelServed === model).length,
        ]),
      )
      const [only, more] = await db.readUsageBuckets({ ...filter, values: ['model-1'] })
      expect(more).toBeUndefined()
      const own = within.filter((record) => record.modelServed === 'model-1')
      expect(only).toMatchObject({ value: 'model-1', queueMsSum: 2 * own.length })
      const middle = own.map((record) => record.totalMs).sort((a, b) => a - b)
      const exact = middle[Math.ceil(middle.length / 2) - 1] ?? 0
      expect(only?.quantiles?.totalMs.p50).toBeGreaterThan(exact * 0.955)
      expect(only?.quantiles?.totalMs.p50).toBeLessThan(exact * 1.045)
      const users = await db.countUsageValues({ dimension: 'user', stretches })
      expect(users).toEqual([{ index: 0, values: 3 }])
    })

    test('minutes are counted once where a stretch begins in the middle of one', async () => {
      const atMs = begins.spring + 11 * 60_000 + 30_000
      const stretches = [
        { index: 0, fromMs: begins.spring, untilMs: atMs },
        { index: 1, fromMs: atMs, untilMs: begins.spring + hourMs },
      ]
      const found = await db.readUsageBuckets({ dimensions: ['all'], stretches, quantiles: false })
      expect(found.reduce((sum, one) => sum + one.requests, 0)).toBe(
        countWithin(begins.spring, begins.spring + hourMs),
      )
    })

    test('a node that tells of a change of health leaves an event, and one that tells of none does not', async () => {
      const report = (atMs: number, health: 'healthy' | 'unhealthy'): NodeReport => ({
        id: 'node-1',
        role: 'all',
        version: '0.1.0',
        startedAtMs: 1,
        seenAtMs: atMs,
        inFlight: 0,
        journalLagRecords: 0,
        eventLoopDelayMs: 1,
        backends: [
          {
            id: 'backend-1',
            health,
            sinceMs: atMs,
            downSinceMs: health === 'healthy' ? null : atMs,
            downtimeTotalMs: 0,
            latencyMs: 3,
            lastError: health === 'healthy' ? null : 'refused',
            version: null,
            inFlight: 0,
            circuit: 'closed',
            loaded: [],
          },
        ],
      })
      const nowMs = Date.now()
      for (const [at, health] of [
        [0, 'healthy'],
        [1000, 'healthy'],
        [2000, 'unhealthy'],
        [3000, 'unhealthy'],
        [4000, 'healthy'],
      ] as const) {
        await db.writeNodeReport(report(nowMs + at, health))
      }
      const events = await db.listBackendEvents({ sinceMs: nowMs })
      expect(events.map((event) => [event.atMs - nowMs, event.health, event.error])).toEqual([
        [0, 'healthy', null],
        [2000, 'unhealthy', 'refused'],
        [4000, 'healthy', null],
      ])
      expect(await db.listBackendEvents({ sinceMs: nowMs, backendId: 'backend-2' })).toEqual([])
    })

    test('the facts of the database are read; a copy of SQLite opens and holds the same', async () => {
      const facts = await db.readDatabaseFacts()
      expect(facts).toMatchObject({ engine, usageRecords: { oldestMs: begins.spring } })
      expect(facts.sizeBytes).toBeGreaterThan(100_000)
      expect(facts.migration).toMatch(/^\d{4}_/)
      const audit = {
        actor: 'test',
        actorUserId: null,
        via: 'console',
        address: null,
        action: 'database.backup',
        targetKind: 'database',
        targetId: null,
        targetName: null,
      } as const
      const file = path.join(createRunFolder(), "it's a copy.db")
      if (engine === 'postgresql') {
        await expect(db.backupDatabase(file, audit)).rejects.toMatchObject({
          code: 'admin.invalid_input',
        })
        return
      }
      expect((await db.backupDatabase(file, audit)).sizeBytes).toBeGreaterThan(100_000)
      const copy = await openDatabase({ url: `file:${file}` })
      expect(await copy.readDatabaseFacts()).toMatchObject({ usageRecords: facts.usageRecords })
      await copy.close()
      expect(await db.listAudit({ limit: 1 })).toMatchObject([{ action: 'database.backup' }])
    })

    function countWithin(fromMs: number, untilMs: number): number {
      return records.filter((one) => one.startedAtMs >= fromMs && one.startedAtMs < untilMs).length
    }
  })
}
