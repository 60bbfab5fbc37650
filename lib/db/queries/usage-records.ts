import type { UsageRecord } from '@/lib/schemas/usage-record'
import type { Cellar, Transaction } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import type { AuditEntry } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { parseUsageLine } from '../usage-line'

/** Newest first, by a keyset: `beforeId` is the last record of the page before. */
export async function listUsageRecords(
  { prisma }: Cellar,
  filter: { sinceMs?: number; limit: number; beforeId?: string },
): Promise<UsageRecord[]> {
  const conditions: Prisma.UsageRecordWhereInput[] = []
  if (filter.sinceMs !== undefined) conditions.push({ startedAtMs: { gte: filter.sinceMs } })
  if (filter.beforeId !== undefined) {
    const last = await prisma.usageRecord.findUnique({
      where: { id: filter.beforeId },
      select: { id: true, startedAtMs: true },
    })
    // It was pruned, and all that is older went before it.
    if (last === null) return []
    conditions.push({ startedAtMs: { lte: last.startedAtMs } })
    conditions.push({
      OR: [{ startedAtMs: { lt: last.startedAtMs } }, { id: { lt: last.id } }],
    })
  }
  const rows = await prisma.usageRecord.findMany({
    where: { AND: conditions },
    orderBy: [{ startedAtMs: 'desc' }, { id: 'desc' }],
    take: filter.limit,
    select: { line: true },
  })
  return rows.map(toUsageRecord)
}

export async function findUsageRecord({ prisma }: Cellar, id: string): Promise<UsageRecord | null> {
  const row = await prisma.usageRecord.findUnique({ where: { id }, select: { line: true } })
  return row === null ? null : toUsageRecord(row)
}

/** Deletes the oldest first, at most `limit`; with an audit entry when a person asked for it. */
export function pruneUsageRecords(
  cellar: Cellar,
  filter: { olderThanMs: number; limit: number },
  audit?: AuditEntry,
): Promise<number> {
  if (!audit) return removeOldest(cellar.prisma, filter)
  return changeWithAudit(cellar, { raises: null, audit }, async (tx) => {
    const removed = await removeOldest(tx, filter)
    return { result: removed, before: null, after: { removed, olderThanMs: filter.olderThanMs } }
  })
}

function removeOldest(
  prisma: Pick<Transaction, '$executeRaw'>,
  { olderThanMs, limit }: { olderThanMs: number; limit: number },
): Promise<number> {
  return prisma.$executeRaw`DELETE FROM usage_records WHERE id IN (
    SELECT id FROM usage_records WHERE started_at_ms < ${olderThanMs}
    ORDER BY started_at_ms LIMIT ${limit})`
}

/** Only lines that were understood are stored. */
function toUsageRecord({ line }: { line: string }): UsageRecord {
  const record = parseUsageLine(line)
  if (record === null) throw new Error('a stored usage record cannot be read')
  return record
}
