import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { systemClock } from '@/lib/core/clock'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { renderUsageLine } from '@/lib/db/usage-line'
import { createRunFolder, createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { pruneUsage, startPruning } from './prune'

const dayMs = 86_400_000
const nowMs = Date.UTC(2026, 10, 1, 12)

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`pruning ${engine}`, () => {
    let db: Database

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '' })
      await db.migrate()
      const records = Array.from({ length: 1300 }, (_, index) =>
        makeUsageRecord({ startedAtMs: nowMs - index * (dayMs / 13) }),
      )
      const name = 'old-0123456789-000001.jsonl'
      const file = path.join(createRunFolder(), name)
      writeFileSync(file, records.map(renderUsageLine).join(''))
      await db.ingestJournalSegment({ path: file, name, bytesMax: 10_000_000 })
    })
    afterAll(() => db?.close())

    test('records and minutes go after their days, longer roll-ups after theirs, in small steps', async () => {
      const limits: number[] = []
      const counting: Parameters<typeof pruneUsage>[0]['db'] = {
        pruneCapturedContent: db.pruneCapturedContent,
        pruneModelJobs: db.pruneModelJobs,
        pruneUsageRecords(filter) {
          limits.push(filter.limit)
          return db.pruneUsageRecords(filter)
        },
        pruneRollups(filter) {
          limits.push(filter.limit)
          return db.pruneRollups(filter)
        },
      }
      const pruned = await pruneUsage({
        db: counting,
        retention: { recordsDays: 30, rollupsDays: 60, contentRetentionDays: 7 },
        nowMs,
        pauseMs: 0,
        signal: new AbortController().signal,
      })
      expect(pruned.records).toBe(1300 - 30 * 13 - 1)
      expect(Math.max(...limits)).toBe(500)
      expect(limits.length).toBeGreaterThan(10)
      expect(await db.listUsageRecords({ limit: 2000 })).toHaveLength(30 * 13 + 1)
      const range = { sinceMs: 0, untilMs: nowMs + dayMs }
      const [total] = await db.reportUsage({ by: 'user', ...range })
      // Whole days stay: of the sixtieth day back also what was before noon.
      expect(total?.requests).toBe(60 * 13 + 7)
    })

    test('says what the database refuses, and goes on', async () => {
      vi.useFakeTimers()
      const abort = new AbortController()
      const told: unknown[] = []
      const refused = new Error('the disk is full')
      const pruning = startPruning({
        db: { ...db, pruneUsageRecords: () => Promise.reject(refused) },
        settings: () => ({ recordsDays: 1, rollupsDays: 1, contentRetentionDays: 1 }),
        clock: systemClock,
        onTrouble: (error) => told.push(error),
        signal: abort.signal,
      })
      await vi.advanceTimersByTimeAsync(60_000 + 3_600_000)
      vi.useRealTimers()
      abort.abort()
      await pruning.stopped
      expect(told).toEqual([refused, refused])
    })

    test('ends at once when it is told to', async () => {
      const abort = new AbortController()
      const pruning = startPruning({
        db,
        settings: () => ({ recordsDays: 1, rollupsDays: 1, contentRetentionDays: 1 }),
        clock: systemClock,
        onTrouble: () => {},
        signal: abort.signal,
      })
      abort.abort()
      await pruning.stopped
      expect((await db.listUsageRecords({ limit: 2000 })).length).toBeGreaterThan(300)
      const pruned = await pruneUsage({
        db,
        retention: { recordsDays: 1, rollupsDays: 1, contentRetentionDays: 1 },
        nowMs,
        signal: abort.signal,
      })
      expect(pruned).toEqual({ records: 0, rollups: 0, content: 0, jobs: 0 })
    })
  })
}
