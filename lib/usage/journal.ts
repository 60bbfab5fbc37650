import {
  closeSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { randomBase62 } from '@/lib/core/ids'
import { renderUsageLine } from '@/lib/db/usage-line'
import type { UsageRecord } from '@/lib/schemas/usage-record'

export type JournalOptions = {
  folder: string
  nodeId: string
  /** A segment is ended when it is larger than this. */
  segmentBytesMax?: number
  /** How long a silent segment still counts as being written (`segmentLeaseMs` of ingest). */
  leaseMs?: number
  /** Told once when writing begins to fail, and once when it works again. */
  onTrouble?: (trouble: {
    failing: boolean
    error?: unknown
    waiting: number
    lost: number
  }) => void
}

export type Journal = {
  /** One write(2) of one line, before it returns. Never throws: what cannot be written waits. */
  append(record: UsageRecord): void
  /** Records that are not in the database yet, as far as this process knows. */
  lagRecords(): number
  /** Says that so many lines of this journal are in the database. */
  noteIngested(lines: number): void
  /** The segment that is being written; the others of this process are ended. */
  currentSegment(): string | null
  /** Whether a segment was made by this process. */
  owns(segmentName: string): boolean
  close(): void
}

export const defaultLeaseMs = 600_000
const defaultSegmentBytesMax = 8 * 1024 * 1024
const backlogLinesMax = 20_000
const retryMs = 250

/**
 * The append-only journal of this process (H1): `<node>-<chance>-<number>.jsonl` in `folder`.
 * `kill -9` loses nothing that was appended. When the disk refuses, up to 20,000 lines wait in
 * memory, the oldest are given up beyond that, and writing is tried again by itself.
 */
export function openJournal(options: JournalOptions): Journal {
  const { folder, segmentBytesMax = defaultSegmentBytesMax, leaseMs = defaultLeaseMs } = options
  const writer = `${options.nodeId.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 40)}-${randomBase62(10)}`
  let segment: { name: string; fd: number; inode: number; bytes: number; torn: boolean } | null =
    null
  let segmentsMade = 0
  let provenAtMs = 0
  let appended = 0
  let ingested = 0
  let lost = 0
  let failing = false
  let retriedAtMs = 0
  let closed = false
  const backlog: string[] = []

  const timer = setInterval(keepAlive, Math.max(20, Math.min(retryMs, leaseMs / 8)))
  timer.unref()

  function append(record: UsageRecord): void {
    const line = renderUsageLine(record)
    appended += 1
    const nowMs = Date.now()
    if (backlog.length > 0) {
      keepForLater(line)
      if (nowMs - retriedAtMs >= retryMs) writeBacklog(nowMs)
      return
    }
    if (!write(line, nowMs)) keepForLater(line)
  }

  function write(line: string, nowMs: number): boolean {
    try {
      const open = takeSegment(nowMs)
      const text = open.torn ? `\n${line}` : line
      const written = writeSync(open.fd, text)
      open.bytes += written
      // A full disk can take a part of a line: it is ended with the next one, and counts as broken.
      open.torn = written < Buffer.byteLength(text)
      if (!open.torn && failing) endTrouble()
      if (!open.torn) return true
      beginTrouble(new Error('the disk took only a part of a line'))
    } catch (error) {
      beginTrouble(error)
      // A full disk may have room again; anything else may be this file, so the next try leaves it.
      if (!isDiskFull(error)) endSegment()
    }
    retriedAtMs = nowMs
    return false
  }

  /** A segment whose lease may have ended is never written again: ingest may have deleted it. */
  function takeSegment(nowMs: number) {
    if (segment !== null) {
      const inLease = nowMs - provenAtMs < leaseMs / 2 && nowMs >= provenAtMs
      if (inLease && segment.bytes < segmentBytesMax) return segment
      endSegment()
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const name = `${writer}-${String(++segmentsMade).padStart(6, '0')}.jsonl`
    const fd = openSync(path.join(folder, name), 'ax', 0o600)
    segment = { name, fd, inode: fstatSync(fd).ino, bytes: 0, torn: false }
    provenAtMs = nowMs
    return segment
  }

  function endSegment(): void {
    if (segment === null) return
    const { fd } = segment
    segment = null
    try {
      closeSync(fd)
    } catch (error) {
      beginTrouble(error)
    }
  }

  function keepForLater(line: string): void {
    backlog.push(line)
    if (backlog.length <= backlogLinesMax) return
    backlog.shift()
    lost += 1
    appended -= 1
  }

  function writeBacklog(nowMs: number): void {
    let written = 0
    for (const line of backlog) {
      if (!write(line, nowMs)) break
      written += 1
    }
    backlog.splice(0, written)
  }

  function beginTrouble(error: unknown): void {
    if (failing) return
    failing = true
    options.onTrouble?.({ failing, error, waiting: backlog.length + 1, lost })
  }

  function endTrouble(): void {
    failing = false
    options.onTrouble?.({ failing, waiting: backlog.length, lost })
    lost = 0
  }

  /** Retries what waits; renews the lease; leaves a file that was deleted under us. */
  function keepAlive(): void {
    const nowMs = Date.now()
    if (backlog.length > 0) writeBacklog(nowMs)
    if (segment === null || nowMs - provenAtMs < leaseMs / 8) return
    try {
      const isThere = statSync(path.join(folder, segment.name), { throwIfNoEntry: false })
      if (isThere?.ino === segment.inode && nowMs - provenAtMs < leaseMs / 2) {
        futimesSync(segment.fd, nowMs / 1000, nowMs / 1000)
        provenAtMs = nowMs
      } else {
        endSegment()
      }
    } catch (error) {
      beginTrouble(error)
      endSegment()
    }
  }

  function close(): void {
    if (closed) return
    if (backlog.length > 0) writeBacklog(Date.now())
    closed = true
    clearInterval(timer)
    endSegment()
  }

  return {
    append,
    lagRecords: () => Math.max(0, appended - ingested),
    noteIngested: (lines) => {
      ingested += lines
    },
    currentSegment: () => segment?.name ?? null,
    owns: (segmentName) => segmentName.startsWith(`${writer}-`),
    close,
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(ENOSPC|EDQUOT)$/.test(String(error.code))
}
