import { mkdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '@/lib/core/ids'
import type { NodeReport } from '@/lib/db/contract'
import type { DatabaseFacts } from '@/lib/db/contract-reads'
import { type AdminContext, auditEntry } from './actor'
import { nodeSilentMs } from './fleet-health'
import { assertAllowed, canBackUpDatabase, canReadEverything } from './permissions'

/** Nodes that were seen within the day are shown; a silent one says since when. */
export type NodeFigure = Omit<NodeReport, 'backends' | 'exchanges' | 'keyUses'> & {
  silent: boolean
}
export type SystemFigures = {
  nodes: NodeFigure[]
  database: DatabaseFacts
  /** Records that were journalled and are not in the database yet, of all nodes that report. */
  journalLagRecords: number
  eventLoopDelayMsMax: number | null
  /** The newest configuration; a node that acts on an older one is about to take it. */
  configRevision: number
  nowMs: number
}

const shownMs = 86_400_000

export async function systemFigures(context: AdminContext): Promise<SystemFigures> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const nowMs = clock.nowMs()
  const [reports, facts, revision] = await Promise.all([
    database.listNodeReports({ seenSinceMs: nowMs - shownMs }),
    database.readDatabaseFacts(),
    database.readRevision(),
  ])
  const nodes = reports.map(({ backends: _, exchanges: __, keyUses: ___, ...node }) => ({
    ...node,
    silent: nowMs - node.seenAtMs > nodeSilentMs,
  }))
  const living = nodes.filter((node) => !node.silent)
  return {
    nodes,
    database: facts,
    journalLagRecords: living.reduce((sum, node) => sum + node.journalLagRecords, 0),
    eventLoopDelayMsMax:
      living.length === 0 ? null : Math.max(...living.map((node) => node.eventLoopDelayMs)),
    configRevision: revision.config,
    nowMs,
  }
}

export type Backup = {
  fileName: string
  sizeBytes: number
  /** The copy, once; it is removed when it was read or given up. */
  read(): AsyncGenerator<Uint8Array>
  remove(): void
}

/**
 * A consistent copy of the SQLite database, to be downloaded, made in `folder`. Admins only, and
 * audited. Throws `admin.invalid_input` on PostgreSQL.
 */
export async function backUpDatabase(
  context: AdminContext,
  { folder }: { folder: string },
): Promise<Backup> {
  assertAllowed(canBackUpDatabase(context.actor), 'admin')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, `.backup-${newId()}.db`)
  const remove = () => rmSync(file, { force: true })
  const change = { action: 'database.backup', kind: 'database', name: null }
  try {
    const entry = auditEntry(context.actor, change)
    const { sizeBytes } = await context.database.backupDatabase(file, entry)
    const day = new Date(context.clock.nowMs()).toISOString().slice(0, 19).replaceAll(':', '-')
    return { fileName: `corral-${day}.db`, sizeBytes, remove, read: () => readOnce(file, remove) }
  } catch (error) {
    remove()
    throw error
  }
}

const chunkBytes = 256 * 1024

async function* readOnce(file: string, remove: () => void): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    while (true) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
    remove()
  }
}
