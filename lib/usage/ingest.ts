import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { waitUnlessAborted } from '@/lib/core/wait-unless-aborted'
import type { Database } from '@/lib/db/contract'
import { defaultLeaseMs, type Journal } from './journal'

export type IngestOptions = {
  db: Pick<Database, 'ingestJournalSegment' | 'forgetJournalSegments' | 'rerollDays'>
  journalFolder: string
  /** This process's own journal; null in a process that writes none. */
  journal: Journal | null
  /** The setting `timezone`, read again at every round; without it days stay in their zone. */
  timezone?: () => string
  intervalMs?: number
  bytesMax?: number
  /** A segment of another process that was silent for so long is nobody's. */
  segmentLeaseMs?: number
  onTrouble?: (trouble: { failing: boolean; error?: unknown }) => void
  onBadLines?: (bad: { segment: string; lines: number }) => void
  signal: AbortSignal
}

export type Ingest = {
  /** Brings what the folder holds now into the database; rejects when the database refuses. */
  flush(): Promise<void>
  /** Settled when the duty has ended after `signal`. */
  done: Promise<void>
}

/**
 * The duty that carries the journal into the database, away from every request: each second it
 * reads all segments on, its own and those of processes that died, and deletes those that are in
 * the database whole and have no writer. A database that is locked or lost is tried again.
 */
export function startIngest(options: IngestOptions): Ingest {
  const { intervalMs = 1000, signal } = options
  let running: Promise<void> | null = null
  let failing = false
  let rolledTimezone: string | null = null

  /** One round at a time; whoever comes meanwhile waits for a round that begins after theirs. */
  function flush(): Promise<void> {
    const earlier = running ?? Promise.resolve()
    const round = earlier.catch(() => {}).then(runRound)
    running = round
    return round
  }

  async function runRound(): Promise<void> {
    await ingestFolder(options)
    const timezone = options.timezone?.() ?? null
    if (timezone === null || timezone === rolledTimezone) return
    await rollDaysAgain(options, timezone)
    rolledTimezone = timezone
  }

  async function repeat(): Promise<void> {
    while (await waitUnlessAborted(intervalMs, signal)) {
      await flush().then(noteSuccess, noteFailure)
    }
  }

  function noteSuccess(): void {
    if (failing) options.onTrouble?.({ failing: false })
    failing = false
  }

  function noteFailure(error: unknown): void {
    if (!failing) options.onTrouble?.({ failing: true, error })
    failing = true
  }

  return { flush, done: repeat() }
}

const defaultBytesMax = 512 * 1024
const segmentName = /^\w+-[A-Za-z0-9]{10}-(\d{6,})\.jsonl$/

async function ingestFolder(options: IngestOptions): Promise<void> {
  for (const name of await listSegments(options.journalFolder)) {
    await ingestSegment(options, name)
  }
}

async function listSegments(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => segmentName.test(name)).sort()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

async function ingestSegment(options: IngestOptions, name: string): Promise<void> {
  const { db, journal, journalFolder, bytesMax = defaultBytesMax } = options
  const file = path.join(journalFolder, name)
  // Asked before reading: what was nobody's then cannot have grown since.
  const isOver = await hasNoWriter(options, name, file)
  let ended = false
  while (!ended) {
    const step = await db.ingestJournalSegment({ path: file, name, bytesMax })
    ended = step.ended
    if (journal?.owns(name)) journal.noteIngested(step.records)
    if (step.badLines > 0) options.onBadLines?.({ segment: name, lines: step.badLines })
    if (step.records === 0) break
  }
  if (!isOver || !ended) return
  await rm(file, { force: true })
  await db.forgetJournalSegments([name])
}

async function hasNoWriter(
  { journal, segmentLeaseMs = defaultLeaseMs }: IngestOptions,
  name: string,
  file: string,
): Promise<boolean> {
  if (journal?.owns(name)) return journal.currentSegment() !== name
  try {
    return Date.now() - (await stat(file)).mtimeMs > segmentLeaseMs
  } catch (error) {
    // Another node was faster.
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

const rerollStepsMax = 100_000

async function rollDaysAgain({ db, signal }: IngestOptions, timezone: string): Promise<void> {
  for (let step = 0; step < rerollStepsMax && !signal.aborted; step++) {
    if (await db.rerollDays(timezone)) return
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
