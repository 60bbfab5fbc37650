import type { Cellar } from '../cellar'
import { parseNullableColumn } from '../columns'
import type { AuditEntry, AuditRow } from '../contract'
import type { Audit } from '../generated/sqlite/client'

/** Newest first; `beforeId` is the last row of the page before. */
export async function listAudit(
  { prisma }: Cellar,
  filter: { limit: number; beforeId?: string },
): Promise<AuditRow[]> {
  const rows = await prisma.audit.findMany({
    where: filter.beforeId === undefined ? {} : { id: { lt: Number(filter.beforeId) } },
    orderBy: { id: 'desc' },
    take: filter.limit,
  })
  return rows.map(toAuditRow)
}

/** Only this room wrote the row, so its words are those of an entry. */
export function toAuditRow(row: Audit): AuditRow {
  return {
    id: String(row.id),
    atMs: Number(row.atMs),
    actor: row.actor,
    actorUserId: row.actorUserId,
    via: row.via as AuditEntry['via'],
    address: row.address,
    action: row.action,
    targetKind: row.targetKind,
    targetId: row.targetId,
    targetName: row.targetName,
    before: parseNullableColumn(row.before),
    after: parseNullableColumn(row.after),
  }
}
