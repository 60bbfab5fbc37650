import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { parseUsageLine } from '@/lib/db/usage-line'
import { createRunFolder } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { waitFor } from '@/tests/support/wait-for'
import { type Journal, type JournalOptions, openJournal } from './journal'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../..')
let journal: Journal | null = null

afterEach(() => journal?.close())

describe('journal', () => {
  test('a record is in the file when append returns', () => {
    const folder = path.join(createRunFolder(), 'not', 'there', 'yet')
    journal = open({ folder })
    const record = makeUsageRecord()
    journal.append(record)
    expect(idsIn(folder)).toEqual([record.id])
    journal.append(makeUsageRecord())
    expect(idsIn(folder)).toHaveLength(2)
    expect(journal.lagRecords()).toBe(2)
    journal.noteIngested(2)
    expect(journal.lagRecords()).toBe(0)
  })

  test('only the owner can read the folder and its files', () => {
    const folder = path.join(createRunFolder(), 'journal')
    journal = open({ folder })
    journal.append(makeUsageRecord())
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(folder, journal.currentSegment() ?? '')).mode & 0o777).toBe(0o600)
  })

  test('a full segment is ended and the next begun', () => {
    const folder = createRunFolder()
    journal = open({ folder, segmentBytesMax: 2000 })
    for (let count = 0; count < 20; count++) journal.append(makeUsageRecord())
    const names = readdirSync(folder).sort()
    expect(names.length).toBeGreaterThan(3)
    expect(names.every((name) => journal?.owns(name))).toBe(true)
    expect(journal.currentSegment()).toBe(names.at(-1))
    expect(idsIn(folder)).toHaveLength(20)
  })

  test('two journals of one node on one folder never write to the same file', () => {
    const folder = createRunFolder()
    journal = open({ folder })
    const other = open({ folder })
    journal.append(makeUsageRecord())
    other.append(makeUsageRecord())
    expect(readdirSync(folder)).toHaveLength(2)
    expect(journal.owns(other.currentSegment() ?? '')).toBe(false)
    other.close()
  })

  test('what the disk refuses waits in memory, is told once, and is written when it can be', async () => {
    const folder = path.join(createRunFolder(), 'journal')
    writeFileSync(folder, 'a file where the folder should be')
    const told: unknown[] = []
    journal = open({ folder, onTrouble: (trouble) => told.push(trouble) })
    const records = Array.from({ length: 50 }, () => makeUsageRecord())
    for (const record of records) journal.append(record)
    expect(told).toMatchObject([{ failing: true, error: { code: expect.any(String) } }])
    expect(journal.lagRecords()).toBe(50)
    rmSync(folder)
    await waitFor(() => idsIn(folder).length === 50)
    expect(idsIn(folder)).toEqual(records.map((record) => record.id))
    expect(told).toHaveLength(2)
    expect(told[1]).toMatchObject({ failing: false, lost: 0 })
  })

  test.skipIf(process.platform === 'win32')(
    'a disk that takes only a part of a line loses none',
    async () => {
      const folder = createRunFolder()
      const program = path.join(root, 'tests/support/programs/append-some.ts')
      const limited = `ulimit -f 4; exec "$0" --import tsx "$1" "$2" 40`
      const { stdout } = await run('bash', ['-c', limited, process.execPath, program, folder], {
        cwd: root,
      })
      const { ids, troubles } = JSON.parse(stdout)
      expect(troubles).toBeGreaterThan(2)
      const files = readdirSync(folder)
      expect(files.length).toBeGreaterThan(2)
      const found = idsIn(folder).filter((id) => id !== 'broken')
      expect([...new Set(found)].sort()).toEqual([...ids].sort())
    },
    30_000,
  )

  test('memory is bounded while the disk refuses: the oldest are given up, and counted', async () => {
    const folder = path.join(createRunFolder(), 'journal')
    writeFileSync(folder, 'a file where the folder should be')
    const told: { lost: number }[] = []
    journal = open({ folder, onTrouble: (trouble) => told.push(trouble) })
    const record = makeUsageRecord()
    for (let count = 0; count < 20_100; count++) journal.append(record)
    expect(journal.lagRecords()).toBe(20_000)
    rmSync(folder)
    await waitFor(() => told.length === 2)
    expect(told[1]?.lost).toBeGreaterThanOrEqual(99)
  })

  test('a file that was deleted under it is left for a new one', async () => {
    const folder = createRunFolder()
    journal = open({ folder, leaseMs: 200 })
    journal.append(makeUsageRecord())
    const first = journal.currentSegment() ?? ''
    rmSync(path.join(folder, first))
    await waitFor(() => journal?.currentSegment() !== first)
    journal.append(makeUsageRecord())
    expect(idsIn(folder)).toHaveLength(1)
  })

  test('a silent segment keeps its lease', async () => {
    const folder = createRunFolder()
    journal = open({ folder, leaseMs: 2000 })
    journal.append(makeUsageRecord())
    const file = path.join(folder, journal.currentSegment() ?? '')
    utimesSync(file, 0, 0)
    await waitFor(() => statSync(file).mtimeMs > Date.now() - 2000)
    expect(existsSync(file)).toBe(true)
  })

  test('a process that was stopped past its lease begins a new segment', () => {
    const folder = createRunFolder()
    journal = open({ folder, leaseMs: 100 })
    journal.append(makeUsageRecord())
    const first = journal.currentSegment()
    holdEventLoop(120)
    journal.append(makeUsageRecord())
    expect(journal.currentSegment()).not.toBe(first)
    expect(idsIn(folder)).toHaveLength(2)
  })

  test('closing twice is once, and what comes after it is written all the same', () => {
    const folder = createRunFolder()
    journal = open({ folder })
    journal.append(makeUsageRecord())
    journal.close()
    journal.close()
    expect(journal.currentSegment()).toBeNull()
    journal.append(makeUsageRecord())
    expect(idsIn(folder)).toHaveLength(2)
  })
})

function open(options: Omit<JournalOptions, 'nodeId'>): Journal {
  return openJournal({ nodeId: 'node/1', ...options })
}

function idsIn(folder: string): string[] {
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => parseUsageLine(line)?.id ?? 'broken')
}

function holdEventLoop(ms: number): void {
  const endMs = performance.now() + ms
  while (performance.now() < endMs);
}
