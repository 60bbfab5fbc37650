import { newId } from '@/lib/core/ids'
import { type Cellar, transactionOptions } from '../cellar'
import { parseColumn } from '../columns'
import type { BackendHealthState, NodeReport } from '../contract'
import type { BackendEvent } from '../contract-reads'

const forgottenAfterMs = 24 * 3_600_000
const eventsKeptMs = 30 * 24 * 3_600_000
const eventsMax = 10_000

/** Also what changed since the node's last report: how each backend fared, for its history. */
export async function writeNodeReport({ prisma }: Cellar, report: NodeReport): Promise<void> {
  const row = { seenAtMs: report.seenAtMs, report: JSON.stringify(report) }
  const last = await prisma.node.findUnique({ where: { id: report.id } })
  const events = changesOf(report, last && parseColumn<NodeReport>(last.report))
  await prisma.$executeRaw`INSERT INTO nodes (id, seen_at_ms, report)
    VALUES (${report.id}, ${row.seenAtMs}, ${row.report})
    ON CONFLICT (id) DO UPDATE SET seen_at_ms = excluded.seen_at_ms, report = excluded.report`
  const oldest = report.seenAtMs - forgottenAfterMs
  await prisma.$executeRaw`DELETE FROM nodes WHERE seen_at_ms < ${oldest}`
  if (events.length === 0) return
  await prisma.$transaction(async (tx) => {
    await tx.backendEvent.createMany({ data: events })
    await tx.$executeRaw`DELETE FROM backend_events
      WHERE at_ms < ${report.seenAtMs - eventsKeptMs}`
  }, transactionOptions)
}

export async function listNodeReports(
  { prisma }: Cellar,
  filter: { seenSinceMs: number },
): Promise<NodeReport[]> {
  const rows = await prisma.node.findMany({
    where: { seenAtMs: { gte: filter.seenSinceMs } },
    orderBy: { id: 'asc' },
  })
  return rows.map((row) => parseColumn<NodeReport>(row.report))
}

export async function listBackendEvents(
  { prisma }: Cellar,
  filter: { sinceMs: number; backendId?: string },
): Promise<BackendEvent[]> {
  const rows = await prisma.backendEvent.findMany({
    where: {
      atMs: { gte: filter.sinceMs },
      ...(filter.backendId !== undefined && { backendId: filter.backendId }),
    },
    orderBy: [{ atMs: 'desc' }, { id: 'desc' }],
    take: eventsMax,
  })
  return rows.toReversed().map((row) => ({
    backendId: row.backendId,
    nodeId: row.nodeId,
    atMs: Number(row.atMs),
    // Only reports are written here.
    health: row.health as BackendHealthState,
    error: row.error,
  }))
}

function changesOf(report: NodeReport, last: NodeReport | null) {
  return report.backends.flatMap((backend) => {
    const before = last?.backends.find((one) => one.id === backend.id)?.health
    if (before === backend.health || backend.health === 'unknown') return []
    const atMs = backend.sinceMs > 0 ? Math.min(backend.sinceMs, report.seenAtMs) : report.seenAtMs
    return [
      {
        id: newId(report.seenAtMs),
        backendId: backend.id,
        nodeId: report.id,
        atMs: BigInt(Math.trunc(atMs)),
        health: backend.health,
        error: backend.lastError,
      },
    ]
  })
}
