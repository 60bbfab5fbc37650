import { type FileHandle, open } from 'node:fs/promises'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import type { Cellar, Statements } from '../cellar'
import { type ColumnKind, jsonItems, jsonRows } from '../json-rows'
import { rollUpRecords } from '../rollup'
import { addToStoredRollups, lockRollups, toSnakeCase } from '../rollup-store'
import { places, readUsageLine } from '../usage-line'

export type Ingested = { records: number; badLines: number; ended: boolean }

/**
 * The next lines of a segment, with their roll-ups and the new position, in one transaction. The
 * position makes sure that no line counts twice; the id does for a line that was written twice.
 * `records` are the lines that were read, `badLines` those of them that could not be understood.
 */
export async function ingestJournalSegment(
  cellar: Cellar,
  segment: { path: string; name: string; bytesMax: number },
): Promise<Ingested> {
  const file = await openIfThere(segment.path)
  if (file === null) return nothingLeft
  try {
    const size = (await file.stat()).size
    if (size <= (await readPosition(cellar.prisma, segment.name))) return nothingLeft
    return await cellar.inTransaction((tx) => ingestNext({ cellar, tx, file, size, ...segment }))
  } finally {
    await file.close()
  }
}

const nothingLeft: Ingested = { records: 0, badLines: 0, ended: true }
const forgottenAfterMs = 90 * 86_400_000

/** Also those of other machines that have not moved for 90 days. */
export async function forgetJournalSegments({ prisma }: Cellar, names: string[]): Promise<void> {
  await prisma.journalSegment.deleteMany({
    where: {
      OR: [{ name: { in: names } }, { updatedAtMs: { lt: Date.now() - forgottenAfterMs } }],
    },
  })
}

async function ingestNext(step: {
  cellar: Cellar
  tx: Statements
  file: FileHandle
  size: number
  name: string
  bytesMax: number
}): Promise<Ingested> {
  const { cellar, tx, file, size, name, bytesMax } = step
  await lockRollups(cellar.engine, tx)
  const position = await readPosition(tx, name)
  const bytesWanted = Math.min(Math.max(bytesMax, foreignLineBytes), size - position)
  const piece = await readLines(file, { position, bytesWanted })
  if (piece.bytes === 0) return nothingLeft
  const readable = piece.lines.flatMap((line) => readUsageLine(line, searched) ?? [])
  const fresh = await insertRows(cellar.engine, tx, readable)
  const records = fresh.map(({ record }) => record)
  await addToStoredRollups(cellar.engine, tx, rollUpRecords(records, await readDays(tx)))
  const badLines = piece.lines.length - readable.length + piece.cutLines
  await movePosition(tx, { name, position: position + piece.bytes, badLines })
  return {
    records: piece.lines.length + piece.cutLines,
    badLines,
    ended: position + piece.bytes >= size,
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function readPosition(tx: Statements, name: string): Promise<number> {
  const rows = await tx.$queryRawUnsafe<{ position: number | bigint }[]>(
    'SELECT position FROM journal_segments WHERE name = $1',
    name,
  )
  return Number(rows[0]?.position ?? 0)
}

async function readDays(tx: Statements): Promise<{ timezone: string; untilMs: number }> {
  const rows = await tx.$queryRawUnsafe<{ timezone: string; untilMs: number | bigint | null }[]>(
    'SELECT timezone, reroll_from_ms AS "untilMs" FROM rollup_state WHERE id = 1',
  )
  const [state] = rows
  if (!state) throw new Error('the row of the roll-ups is gone')
  const { timezone, untilMs } = state
  return { timezone, untilMs: untilMs === null ? Number.POSITIVE_INFINITY : Number(untilMs) }
}

const lineFeed = 10

/** Whole lines only: what stands behind the last line feed is not written yet, or never will be. */
async function readLines(
  file: FileHandle,
  { position, bytesWanted }: { position: number; bytesWanted: number },
): Promise<{ lines: string[]; bytes: number; cutLines: number }> {
  const buffer = Buffer.allocUnsafe(Math.max(0, bytesWanted))
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
  const read = buffer.subarray(0, bytesRead)
  const end = read.lastIndexOf(lineFeed) + 1
  if (end > 0) {
    const lines = read
      .toString('utf8', 0, end)
      .split('\n')
      .filter((line) => line !== '')
    return { lines, bytes: end, cutLines: 0 }
  }
  // A line of ours is under 1 KB: so many bytes without an end are none of ours, and are passed.
  if (bytesRead >= foreignLineBytes) return { lines: [], bytes: bytesRead, cutLines: 1 }
  return { lines: [], bytes: 0, cutLines: 0 }
}

const foreignLineBytes = 16_384

type Row = { record: UsageRecord; line: string }

/** What is searched by; everything else is read from the line. */
const kinds = {
  id: 'text',
  startedAtMs: 'int',
  keyId: 'text',
  userId: 'text',
  backendId: 'text',
  modelAsked: 'text',
  modelServed: 'text',
  dialect: 'text',
  operation: 'text',
  status: 'int',
  errorCode: 'text',
  totalMs: 'float',
  clientAddress: 'text',
} as const satisfies Partial<Record<keyof UsageRecord, ColumnKind>>
const searched = Object.keys(kinds) as (keyof typeof kinds)[]
const names = [...searched, 'line']

function storedRow({ record, line }: Row): Record<keyof typeof kinds | 'line', unknown> {
  return {
    id: record.id,
    startedAtMs: record.startedAtMs,
    keyId: record.keyId,
    userId: record.userId,
    backendId: record.backendId,
    modelAsked: record.modelAsked,
    modelServed: record.modelServed,
    dialect: record.dialect,
    operation: record.operation,
    status: record.status,
    errorCode: record.errorCode,
    totalMs: record.totalMs,
    clientAddress: record.clientAddress,
    line,
  }
}

const jsonStored = jsonRows('postgresql', { ...kinds, line: 'text' })
const storedRows = {
  select: jsonStored.select,
  render: (rows: Row[]) => jsonStored.render(rows.map(storedRow)),
}

const extracted = searched.map((name) => `json_extract(line, '$[${places[name]}]') AS "${name}"`)
/** SQLite finds the fields in the lines, which are JSON: no other text is made of them. */
const linesAsRows = {
  select: `SELECT ${extracted.join(', ')}, line FROM (${jsonItems('line')})`,
  render: (rows: Row[]) => `[${rows.map(({ line }) => line).join()}]`,
}

const storedNames = names.map((name) => `"${toSnakeCase(name)}"`).join(', ')
const givenNames = names.map((name) => `"${name}"`).join(', ')

/**
 * One statement; gives back those that were not there before, which is nearly always all: who is
 * there is asked only when a row was refused. Rows given back by the insert would cost as much as
 * the insert. Nobody else writes meanwhile.
 */
async function insertRows(engine: Cellar['engine'], tx: Statements, rows: Row[]): Promise<Row[]> {
  if (rows.length === 0) return []
  await tx.$executeRawUnsafe('SAVEPOINT rows')
  if ((await insertAll(engine, tx, rows)) === rows.length) return rows
  await tx.$executeRawUnsafe('ROLLBACK TO SAVEPOINT rows')
  const fresh = await withoutStored(engine, tx, rows)
  if (fresh.length > 0) await insertAll(engine, tx, fresh)
  return fresh
}

function insertAll(engine: Cellar['engine'], tx: Statements, rows: Row[]): Promise<number> {
  const given = engine === 'sqlite' ? linesAsRows : storedRows
  return tx.$executeRawUnsafe(
    `INSERT INTO usage_records (${storedNames})
     SELECT ${givenNames} FROM (${given.select}) AS fresh WHERE true ON CONFLICT (id) DO NOTHING`,
    given.render(rows),
  )
}

async function withoutStored(
  engine: Cellar['engine'],
  tx: Statements,
  rows: Row[],
): Promise<Row[]> {
  const byId = new Map(rows.map((row) => [row.record.id, row]))
  const wanted = jsonRows(engine, { id: 'text' })
  const stored = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT id FROM usage_records WHERE id IN (SELECT id FROM (${wanted.select}) AS wanted)`,
    wanted.render([...byId.keys()].map((id) => ({ id }))),
  )
  for (const { id } of stored) byId.delete(id)
  return [...byId.values()]
}

async function movePosition(
  tx: Statements,
  { name, position, badLines }: { name: string; position: number; badLines: number },
): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO journal_segments (name, position, bad_lines, updated_at_ms)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET position = excluded.position,
     bad_lines = journal_segments.bad_lines + excluded.bad_lines,
     updated_at_ms = excluded.updated_at_ms`,
    name,
    position,
    badLines,
    Date.now(),
  )
}
