import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { renderUsageLine } from '@/lib/db/usage-line'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { createRunFolder, createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { waitFor } from '@/tests/support/wait-for'
import { type Ingest, type IngestOptions, startIngest } from './ingest'
import { type Journal, openJournal } from './journal'

const programs = path.resolve(import.meta.dirname, '../../tests/support/programs')
const farAheadMs = 4e12

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`ingest into ${engine}`, () => {
    let db: Database
    let folder: string
    let journal: Journal
    let ingest: Ingest
    let abort: AbortController

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '' })
      await db.migrate()
    })
    afterAll(() => db?.close())

    beforeEach(async () => {
      folder = path.join(createRunFolder(), 'journal')
      await emptyUsage(db)
      journal = openJournal({ folder, nodeId: 'n1' })
      abort = new AbortController()
      ingest = start({ journal })
    })
    afterEach(async () => {
      journal.close()
      abort.abort()
      await ingest.done
    })

    test('records reach the database as they were, and the lag goes back to nothing', async () => {
      const records = [
        makeUsageRecord(),
        makeUsageRecord({
          status: 429,
          errorCode: 'limits.rate_exceeded',
          keyId: null,
          stream: null,
        }),
        makeUsageRecord({ bytesOut: 5e12, userAgent: 'Ünïcode \u{1f999} "quoted" \\ ?1 $1 :a' }),
      ]
      for (const record of records) journal.append(record)
      expect(journal.lagRecords()).toBe(3)
      await ingest.flush()
      expect(journal.lagRecords()).toBe(0)
      for (const record of records) expect(await db.findUsageRecord(record.id)).toEqual(record)
      expect(await db.findUsageRecord('none')).toBeNull()
    })

    test('ingesting again changes nothing', async () => {
      for (let count = 0; count < 30; count++) journal.append(makeUsageRecord())
      await ingest.flush()
      const before = await readAll(db)
      await ingest.flush()
      expect(await readAll(db)).toEqual(before)
      expect(before.records).toHaveLength(30)
    })

    test('a segment that comes back under another name is counted once', async () => {
      for (let count = 0; count < 10; count++) journal.append(makeUsageRecord())
      journal.append(makeUsageRecord())
      const file = path.join(folder, journal.currentSegment() ?? '')
      await ingest.flush()
      const before = await readAll(db)
      renameSync(file, path.join(folder, 'restored-0123456789-000001.jsonl'))
      await ingest.flush()
      expect(await readAll(db)).toEqual(before)
    })

    test('segments that ended are deleted, the one being written is kept', async () => {
      journal.close()
      journal = openJournal({ folder, nodeId: 'n1', segmentBytesMax: 1500 })
      abort.abort()
      abort = new AbortController()
      ingest = start({ journal })
      for (let count = 0; count < 20; count++) journal.append(makeUsageRecord())
      expect(readdirSync(folder).length).toBeGreaterThan(3)
      await ingest.flush()
      expect(readdirSync(folder)).toEqual([journal.currentSegment()])
      journal.append(makeUsageRecord())
      journal.close()
      await ingest.flush()
      expect(readdirSync(folder)).toEqual([])
      expect((await readAll(db)).records).toHaveLength(21)
    })

    test('a segment that another process writes is read, and deleted only after its lease', async () => {
      const other = openJournal({ folder, nodeId: 'n2' })
      other.append(makeUsageRecord())
      const file = path.join(folder, other.currentSegment() ?? '')
      await ingest.flush()
      expect((await readAll(db)).records).toHaveLength(1)
      expect(existsSync(file)).toBe(true)
      other.append(makeUsageRecord())
      await ingest.flush()
      expect((await readAll(db)).records).toHaveLength(2)
      utimesSync(file, 1, 1)
      await ingest.flush()
      expect(existsSync(file)).toBe(false)
      other.close()
    })

    test('a bad line is skipped and counted, and a torn end is left out', async () => {
      mkdirSync(folder, { recursive: true })
      const file = path.join(folder, 'dead-0123456789-000001.jsonl')
      const good = [makeUsageRecord(), makeUsageRecord(), makeUsageRecord()]
      const lines = good.map(renderUsageLine)
      const bad = ['nonsense\n', '[1,"half', '\n', '[1,7,8]\n', '\n', `${'x'.repeat(40_000)}\n`]
      writeFileSync(file, [lines[0], ...bad, lines[1], lines[2], '[1,"req_torn",'].join(''))
      const counted: number[] = []
      abort.abort()
      abort = new AbortController()
      ingest = start({ journal, onBadLines: ({ lines }) => counted.push(lines) })
      await ingest.flush()
      expect((await readAll(db)).records.map((record) => record.id).sort()).toEqual(
        good.map((record) => record.id).sort(),
      )
      expect(counted.reduce((sum, lines) => sum + lines, 0)).toBeGreaterThanOrEqual(4)
      utimesSync(file, 1, 1)
      await ingest.flush()
      expect(existsSync(file)).toBe(false)
    })

    test('a line with more in it than we write stops no other, however deep that goes', async () => {
      mkdirSync(folder, { recursive: true })
      const records = [makeUsageRecord(), makeUsageRecord()]
      const [line = '', next = ''] = records.map(renderUsageLine)
      const deep = `${line.slice(0, -2)},${'['.repeat(5000)}${']'.repeat(5000)}]\n`
      writeFileSync(path.join(folder, 'deep-0123456789-000001.jsonl'), deep + next)
      await ingest.flush()
      for (const record of records) expect(await db.findUsageRecord(record.id)).toEqual(record)
    })

    test('a line that is still being written is read when it is whole', async () => {
      mkdirSync(folder, { recursive: true })
      const file = path.join(folder, 'slow-0123456789-000001.jsonl')
      const record = makeUsageRecord()
      const line = renderUsageLine(record)
      for (const [from, to] of [
        [0, 5],
        [5, 60],
        [60, line.length - 1],
      ]) {
        appendFileSync(file, line.slice(from, to))
        await ingest.flush()
        expect(await db.findUsageRecord(record.id)).toBeNull()
      }
      appendFileSync(file, '\n')
      await ingest.flush()
      expect(await db.findUsageRecord(record.id)).toEqual(record)
    })

    test('files that are no segments are left alone, and a missing folder is an empty one', async () => {
      await ingest.flush()
      mkdirSync(folder, { recursive: true })
      writeFileSync(path.join(folder, 'notes.txt'), 'keep')
      utimesSync(path.join(folder, 'notes.txt'), 1, 1)
      await ingest.flush()
      expect(readdirSync(folder)).toEqual(['notes.txt'])
    })

    test('a database that refuses is told once, and ingest goes on when it is back', async () => {
      let refuses = true
      const told: boolean[] = []
      abort.abort()
      abort = new AbortController()
      ingest = start({
        journal,
        intervalMs: 10,
        onTrouble: ({ failing }) => told.push(failing),
        db: {
          ...db,
          ingestJournalSegment: (segment) =>
            refuses ? Promise.reject(new Error('locked')) : db.ingestJournalSegment(segment),
        },
      })
      journal.append(makeUsageRecord())
      await waitFor(() => told.length === 1)
      await expect(ingest.flush()).rejects.toThrow('locked')
      expect(journal.lagRecords()).toBe(1)
      refuses = false
      await waitFor(() => journal.lagRecords() === 0)
      await waitFor(() => told.length === 2)
      expect(told).toEqual([true, false])
    })

    test('every total equals the sum of the records', async () => {
      const records = Array.from({ length: 400 }, (_, index) => variedRecord(index))
      for (const record of records) journal.append(record)
      await ingest.flush()
      const groupsOf = {
        key: (record: UsageRecord) => record.keyId ?? '',
        user: (record: UsageRecord) => record.userId ?? '',
        model: (record: UsageRecord) => record.modelServed ?? '',
        backend: (record: UsageRecord) => record.backendId ?? '',
        operation: (record: UsageRecord) => record.operation ?? '',
      }
      for (const [by, groupOf] of Object.entries(groupsOf)) {
        const totals = await db.reportUsage({
          // The keys above are groups of the contract.
          by: by as keyof typeof groupsOf,
          sinceMs: 0,
          untilMs: farAheadMs,
        })
        expect(totals.length).toBe(new Set(records.map(groupOf)).size)
        for (const total of totals) {
          const own = records.filter((record) => groupOf(record) === total.group)
          expect(total).toMatchObject({
            requests: own.length,
            promptTokens: sum(own.map((record) => record.promptTokens ?? 0)),
            completionTokens: sum(own.map((record) => record.completionTokens ?? 0)),
            refused: own.filter((record) => record.status === 429).length,
            failed: own.filter((record) => record.status === 502).length,
            left: own.filter((record) => record.status === 499).length,
            estimatedRequests: own.filter((record) => record.tokensEstimated).length,
          })
        }
      }
      const outcomes = await db.reportUsage({ by: 'outcome', sinceMs: 0, untilMs: farAheadMs })
      expect(outcomes.map((total) => [total.group, total.requests]).sort()).toEqual([
        ['failed', 80],
        ['left', 80],
        ['ok', 160],
        ['refused', 80],
      ])
      const exact = sorted(records.filter((record) => record.status === 200))
      const ok = outcomes.find((total) => total.group === 'ok')
      expect(ok?.totalMsP50).toBeGreaterThan((exact[79] ?? 0) * 0.955)
      expect(ok?.totalMsP50).toBeLessThan((exact[79] ?? 0) * 1.045)
      expect(ok?.totalMsP95).toBeGreaterThan((exact[151] ?? 0) * 0.955)
      expect(ok?.totalMsP95).toBeLessThan((exact[151] ?? 0) * 1.045)
    })

    test('records are listed newest first, page by page, without a gap', async () => {
      const records = Array.from({ length: 25 }, (_, index) =>
        makeUsageRecord({ startedAtMs: 1_700_000_000_000 + Math.floor(index / 3) }),
      )
      for (const record of records) journal.append(record)
      await ingest.flush()
      const all = await db.listUsageRecords({ limit: 100 })
      expect(all).toHaveLength(25)
      const times = all.map((record) => record.startedAtMs)
      expect(times).toEqual([...times].sort((a, b) => b - a))
      const pages: UsageRecord[] = []
      for (let page = 0; page < 4; page++) {
        const beforeId = pages.at(-1)?.id
        pages.push(...(await db.listUsageRecords({ limit: 7, ...(beforeId ? { beforeId } : {}) })))
      }
      expect(pages).toEqual(all)
      const since = await db.listUsageRecords({ limit: 100, sinceMs: 1_700_000_000_005 })
      expect(since).toEqual(all.filter((record) => record.startedAtMs >= 1_700_000_000_005))
    })

    test('kill -9 of a writer loses no record that it had told, and none is there twice', async () => {
      const told: string[] = []
      for (const appendedMin of [300, 1100, 2500]) {
        const child = runProgram('append-forever.ts', [folder, '100000'])
        for await (const id of linesOf(child)) {
          told.push(id)
          if (told.length % 3000 >= appendedMin) break
        }
        child.kill('SIGKILL')
        expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
      }
      await ingest.flush()
      const found = (await readAll(db)).records.map((record) => record.id)
      expect(new Set(found).size).toBe(found.length)
      const there = new Set(found)
      expect(told.filter((id) => !there.has(id))).toEqual([])
      expect(told.length).toBeGreaterThan(1000)
    }, 90_000)

    test('kill -9 in the middle of ingest loses nothing and counts nothing twice', async () => {
      mkdirSync(folder, { recursive: true })
      const records = Array.from({ length: 2000 }, (_, index) => variedRecord(index))
      writeFileSync(
        path.join(folder, 'dead-0123456789-000001.jsonl'),
        records.map(renderUsageLine).join(''),
      )
      for (const stepsMin of [1, 4, 9]) {
        const child = runProgram('ingest-folder.ts', [url ?? '', folder])
        let steps = 0
        for await (const _ of linesOf(child)) if (++steps === stepsMin) break
        child.kill('SIGKILL')
        expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
      }
      await ingest.flush()
      const { records: found, totals } = await readAll(db)
      expect(found).toHaveLength(2000)
      expect(sum(totals.map((total) => total.requests))).toBe(2000)
      expect(sum(totals.map((total) => total.promptTokens))).toBe(
        sum(records.map((record) => record.promptTokens ?? 0)),
      )
    }, 90_000)

    const many = engine === 'sqlite' ? 100_000 : 20_000
    test(`${many} records are ingested in batches`, async () => {
      mkdirSync(folder, { recursive: true })
      const beginMs = Date.UTC(2026, 5, 1)
      const lines = Array.from({ length: many }, (_, index) =>
        renderUsageLine(variedRecord(index, beginMs + index * 40)),
      )
      writeFileSync(path.join(folder, 'bulk-0123456789-000001.jsonl'), lines.join(''))
      const startedMs = performance.now()
      await ingest.flush()
      const seconds = (performance.now() - startedMs) / 1000
      process.stdout.write(`ingest of ${many} records into ${engine}: ${seconds.toFixed(1)} s\n`)
      const totals = await db.reportUsage({ by: 'model', sinceMs: 0, untilMs: farAheadMs })
      expect(sum(totals.map((total) => total.requests))).toBe(many)
    }, 300_000)

    function start(different: Partial<IngestOptions>): Ingest {
      return startIngest({
        db,
        journalFolder: folder,
        journal: null,
        intervalMs: 3_600_000,
        signal: abort.signal,
        ...different,
      })
    }
  })
}

function variedRecord(index: number, startedAtMs = Date.UTC(2026, 0, 1) + index * 61_000) {
  return makeUsageRecord({
    startedAtMs,
    keyId: index % 7 === 0 ? null : `key-${index % 7}`,
    userId: index % 7 === 0 ? null : `user-${index % 3}`,
    modelServed: index % 11 === 0 ? null : `model-${index % 5}:latest`,
    backendId: `backend-${index % 4}`,
    operation: index % 2 === 0 ? 'chat' : 'embed',
    status: [200, 429, 502, 499, 200][index % 5] ?? 200,
    promptTokens: index % 13,
    completionTokens: index % 17 === 0 ? null : index,
    tokensEstimated: index % 10 === 0,
    totalMs: 1 + index * 3.5,
  })
}

async function emptyUsage(db: Database): Promise<void> {
  while ((await db.pruneUsageRecords({ olderThanMs: farAheadMs, limit: 100_000 })) > 0);
  for (const span of ['minute', 'quarter', 'day'] as const) {
    while ((await db.pruneRollups({ olderThanMs: farAheadMs, limit: 100_000, span })) > 0);
  }
}

async function readAll(db: Database) {
  return {
    records: await db.listUsageRecords({ limit: 200_000 }),
    totals: await db.reportUsage({ by: 'key', sinceMs: 0, untilMs: farAheadMs }),
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function sorted(records: UsageRecord[]): number[] {
  return records.map((record) => record.totalMs).sort((a, b) => a - b)
}

function runProgram(name: string, args: string[]): ChildProcess {
  const tsx = ['--import', 'tsx', path.join(programs, name)]
  return spawn(process.execPath, [...tsx, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

function linesOf(child: ChildProcess): AsyncIterable<string> {
  if (child.stdout === null) throw new Error('the program has no output')
  return createInterface({ input: child.stdout })
}
