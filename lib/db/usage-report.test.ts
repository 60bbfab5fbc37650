import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { DateTime } from 'luxon'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { createRunFolder, createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import type { Database, RollupSpan } from './contract'
import { dayBeginMs, nextDayBeginMs } from './day-begin'
import { openDatabase } from './open-database'
import { coverRange } from './queries/cover-range'
import { renderUsageLine } from './usage-line'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const zones = [
  'UTC',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Pacific/Chatham',
]

describe('days', () => {
  test('a day begins at local midnight in zones of whole, half and three-quarter hours', () => {
    const noonMs = Date.UTC(2026, 0, 15, 12)
    expect(dayBeginMs(noonMs, 'UTC')).toBe(Date.UTC(2026, 0, 15))
    expect(dayBeginMs(noonMs, 'Asia/Kolkata')).toBe(Date.UTC(2026, 0, 14, 18, 30))
    expect(dayBeginMs(noonMs, 'Asia/Kathmandu')).toBe(Date.UTC(2026, 0, 14, 18, 15))
    expect(nextDayBeginMs(noonMs, 'Asia/Kathmandu')).toBe(Date.UTC(2026, 0, 15, 18, 15))
  })

  test('the days on which clocks change have 23 and 25 hours', () => {
    const spring = DateTime.fromISO('2026-03-29T12:00', { zone: 'Europe/Berlin' }).toMillis()
    const autumn = DateTime.fromISO('2026-10-25T12:00', { zone: 'Europe/Berlin' }).toMillis()
    expect(lengthOfDay(spring, 'Europe/Berlin')).toBe(23 * hourMs)
    expect(lengthOfDay(autumn, 'Europe/Berlin')).toBe(25 * hourMs)
    const howe = DateTime.fromISO('2026-04-05T12:00', { zone: 'Australia/Lord_Howe' }).toMillis()
    expect(lengthOfDay(howe, 'Australia/Lord_Howe')).toBe(24.5 * hourMs)
  })

  test('an instant belongs to the day of its local date, all through a year', () => {
    for (const zone of zones) {
      for (let atMs = Date.UTC(2026, 0, 1); atMs < Date.UTC(2027, 0, 1); atMs += 97 * 15 * 60_000) {
        const beginMs = dayBeginMs(atMs, zone)
        expect(beginMs <= atMs && atMs < nextDayBeginMs(atMs, zone)).toBe(true)
        expect(dateIn(beginMs, zone)).toBe(dateIn(atMs, zone))
        expect(dateIn(beginMs - 1, zone)).not.toBe(dateIn(atMs, zone))
      }
    }
  }, 60_000)
})

describe('the cover of a range', () => {
  const open = { minutesFromMs: 0, daysUntilMs: Number.POSITIVE_INFINITY }

  test('is whole, without overlap, and of days wherever a whole day lies in it', () => {
    const beginMs = Date.UTC(2026, 2, 27)
    for (const timezone of zones) {
      for (let turn = 0; turn < 200; turn++) {
        const sinceMs = beginMs + turn * 977_123
        const untilMs = sinceMs + turn * turn * 9_999
        const pieces = coverRange({ ...open, sinceMs, untilMs, timezone })
        let reachedMs = Math.floor(sinceMs / 60_000) * 60_000
        for (const piece of pieces) {
          expect(piece.fromMs).toBe(reachedMs)
          reachedMs = piece.toMs
        }
        expect(reachedMs).toBe(Math.ceil(untilMs / 60_000) * 60_000)
        const outsideDays = pieces.filter((piece) => piece.span !== 'day')
        for (const piece of outsideDays) expect(piece.toMs - piece.fromMs).toBeLessThan(25 * hourMs)
      }
    }
  })

  test('begins at a quarter hour where minutes were pruned, and has no day that is not rolled yet', () => {
    const sinceMs = Date.UTC(2026, 2, 27, 10, 7)
    const untilMs = sinceMs + 5 * dayMs
    const range = { sinceMs, untilMs, timezone: 'UTC' }
    const [first] = coverRange({ ...range, ...open, minutesFromMs: sinceMs + dayMs })
    expect(first).toMatchObject({ span: 'quarter', fromMs: Date.UTC(2026, 2, 27, 10) })
    const pieces = coverRange({ ...range, ...open, daysUntilMs: Date.UTC(2026, 2, 29) })
    expect(pieces.filter((piece) => piece.span === 'day')).toEqual([
      { span: 'day', fromMs: Date.UTC(2026, 2, 28), toMs: Date.UTC(2026, 2, 29) },
    ])
  })

  test('of an empty range is nothing', () => {
    expect(coverRange({ ...open, sinceMs: 60_000, untilMs: 60_000, timezone: 'UTC' })).toEqual([])
    expect(coverRange({ ...open, sinceMs: 120_000, untilMs: 60_000, timezone: 'UTC' })).toEqual([])
  })
})

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`reports of ${engine}`, () => {
    const beginMs = Date.UTC(2026, 2, 26, 22, 0)
    const records = Array.from({ length: 900 }, (_, index) =>
      makeUsageRecord({
        startedAtMs: beginMs + index * 7 * 60_000 + (index % 60) * 1000,
        userId: `user-${index % 2}`,
        totalMs: 100 + index,
      }),
    )
    let db: Database

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '', timezone: 'Europe/Berlin' })
      await db.migrate()
      await ingest(db, records)
    })
    afterAll(() => db?.close())

    test('any range of minutes is what happened in it', async () => {
      for (const [from, minutes] of ranges) await expectRange(from, minutes)
    })

    test('days are rolled again for another zone, step by step, and reports are right all the while', async () => {
      for (const zone of ['Asia/Kathmandu', 'America/New_York']) {
        let steps = 0
        while (!(await db.rerollDays(zone))) {
          steps += 1
          await expectRange(0, 7000)
        }
        expect(steps).toBeGreaterThan(0)
        for (const [from, minutes] of ranges) await expectRange(from, minutes)
        expect(await db.rerollDays(zone)).toBe(true)
      }
    })

    test('what is ingested while days are rolled again is counted once', async () => {
      await db.rerollDays('Asia/Kolkata')
      await ingest(db, [addRecord(10), addRecord(3000), addRecord(6000)])
      await db.rerollDays('Asia/Kolkata')
      await ingest(db, [addRecord(20), addRecord(3010), addRecord(6010)])
      while (!(await db.rerollDays('Asia/Kolkata')));
      await ingest(db, [addRecord(30)])
      for (const [from, minutes] of ranges) await expectRange(from, minutes)
    })

    test('the key, user and backend are called what they are called now', async () => {
      const user = await db.createUser(
        { name: 'ada', role: 'member', active: true, rateLimit: null, passwordHash: null },
        {
          actor: 'test',
          actorUserId: null,
          via: 'cli',
          address: null,
          action: 'user.create',
          targetKind: 'user',
          targetId: null,
          targetName: null,
        },
      )
      await ingest(db, [makeUsageRecord({ userId: user.id, principal: 'old name', keyId: null })])
      const range = { sinceMs: Date.now() - dayMs, untilMs: Date.now() + dayMs }
      expect(await db.reportUsage({ by: 'user', ...range })).toMatchObject([
        { group: user.id, label: 'ada', requests: 1 },
      ])
      expect(await db.reportUsage({ by: 'backend', ...range })).toMatchObject([{ label: 'gpu-1' }])
      expect(await db.reportUsage({ by: 'key', ...range })).toMatchObject([{ label: 'abcdefghij' }])
    })

    test('pruning deletes the oldest in steps, and reports go on with what is kept', async () => {
      const cutMs = beginMs + 3 * dayMs
      const older = records.filter((record) => record.startedAtMs < cutMs).length
      expect(await db.pruneUsageRecords({ olderThanMs: cutMs, limit: 100 })).toBe(100)
      expect(await db.pruneUsageRecords({ olderThanMs: cutMs, limit: 100_000 })).toBeGreaterThan(
        older - 101,
      )
      expect(await db.pruneUsageRecords({ olderThanMs: cutMs, limit: 100 })).toBe(0)
      const span: RollupSpan = 'minute'
      expect(await db.pruneRollups({ olderThanMs: cutMs, limit: 50, span })).toBe(50)
      while ((await db.pruneRollups({ olderThanMs: cutMs, limit: 1000, span })) > 0);
      await expectRange(15, 7005)
      while ((await db.pruneRollups({ olderThanMs: cutMs, limit: 1000 })) > 0);
      const firstDayMs = dayBeginMs(cutMs, 'Asia/Kolkata')
      const kept = records.filter((record) => record.startedAtMs >= firstDayMs).length
      expect(await countRequests(0, beginMs + 7000 * 60_000)).toBe(kept)
    })

    const ranges: [number, number][] = [
      [0, 1],
      [3, 20],
      [0, 7000],
      [61, 3000],
      [100, 14],
      [119, 1441],
      [1440, 1440],
      [120, 2820],
    ]

    function addRecord(minute: number): UsageRecord {
      const record = makeUsageRecord({ startedAtMs: beginMs + minute * 60_000 })
      records.push(record)
      return record
    }

    async function expectRange(fromMinute: number, minutes: number): Promise<void> {
      const sinceMs = beginMs + fromMinute * 60_000
      const untilMs = sinceMs + minutes * 60_000
      const within = records.filter(
        (record) => record.startedAtMs >= sinceMs && record.startedAtMs < untilMs,
      )
      expect(await countRequests(sinceMs, untilMs)).toBe(within.length)
    }

    async function countRequests(sinceMs: number, untilMs: number): Promise<number> {
      const totals = await db.reportUsage({ by: 'user', sinceMs, untilMs })
      return totals.reduce((sum, total) => sum + total.requests, 0)
    }
  })
}

let segments = 0

async function ingest(db: Database, records: UsageRecord[]): Promise<void> {
  const name = `test-0123456789-${String(++segments).padStart(6, '0')}.jsonl`
  const file = path.join(createRunFolder(), name)
  writeFileSync(file, records.map(renderUsageLine).join(''))
  let ended = false
  while (!ended) {
    ended = (await db.ingestJournalSegment({ path: file, name, bytesMax: 1_000_000 })).ended
  }
}

function lengthOfDay(atMs: number, zone: string): number {
  return nextDayBeginMs(atMs, zone) - dayBeginMs(atMs, zone)
}

function dateIn(atMs: number, zone: string): string | null {
  return DateTime.fromMillis(atMs, { zone }).toISODate()
}
