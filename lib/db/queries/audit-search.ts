import type { Cellar } from '../cellar'
import type { AuditRow } from '../contract'
import type { AuditSearch } from '../contract-reads'
import type { Prisma } from '../generated/sqlite/client'
import { toAuditRow } from './audit'

/** Newest first, by a keyset. */
export async function searchAudit(
  { prisma, engine }: Cellar,
  search: AuditSearch,
): Promise<AuditRow[]> {
  const conditions: Prisma.AuditWhereInput[] = []
  if (search.beforeId !== undefined) conditions.push({ id: { lt: Number(search.beforeId) || 0 } })
  if (search.actor !== undefined) conditions.push({ actor: search.actor })
  if (search.actorUserId !== undefined) conditions.push({ actorUserId: search.actorUserId })
  if (search.targetKind !== undefined) conditions.push({ targetKind: search.targetKind })
  if (search.targetId !== undefined) conditions.push({ targetId: search.targetId })
  if (search.sinceMs !== undefined) conditions.push({ atMs: { gte: search.sinceMs } })
  if (search.untilMs !== undefined) conditions.push({ atMs: { lt: search.untilMs } })
  if (search.action !== undefined) {
    const { action } = search
    conditions.push({ OR: [{ action }, { action: { startsWith: `${action}.` } }] })
  }
  if (search.text !== undefined && search.text !== '') {
    conditions.push({ OR: textColumns.map((column) => contains(engine, column, search.text)) })
  }
  const rows = await prisma.audit.findMany({
    where: { AND: conditions },
    orderBy: { id: 'desc' },
    take: search.limit,
  })
  return rows.map(toAuditRow)
}

const textColumns = ['targetName', 'actor', 'address', 'action', 'before', 'after'] as const

function contains(
  engine: Cellar['engine'],
  column: (typeof textColumns)[number],
  text: string | undefined,
): Prisma.AuditWhereInput {
  // SQLite's LIKE looks at no case; PostgreSQL must be told, in a word that SQLite's client lacks.
  const how = engine === 'sqlite' ? {} : { mode: 'insensitive' }
  return { [column]: { contains: text, ...how } }
}
