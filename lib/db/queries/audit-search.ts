import type { Cellar } from '../cellar'
import type { AuditRow } from '../contract'
import type { AuditSearch } from '../contract-reads'
import { toAuditRow } from './audit'

/** Newest first, by a keyset. A text is found in any case, whatever stands in it. */
export async function searchAudit(
  { prisma, engine }: Cellar,
  search: AuditSearch,
): Promise<AuditRow[]> {
  const values: (string | number)[] = []
  const add = (value: string | number) => {
    values.push(value)
    return `${engine === 'sqlite' ? '?' : '$'}${values.length}`
  }
  const conditions = listConditions(engine, search, add)
  const found = await prisma.$queryRawUnsafe<{ id: number }[]>(
    `SELECT id FROM audit ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY id DESC LIMIT ${Math.trunc(search.limit)}`,
    ...values,
  )
  const rows = await prisma.audit.findMany({
    where: { id: { in: found.map((row) => Number(row.id)) } },
    orderBy: { id: 'desc' },
  })
  return rows.map(toAuditRow)
}

function listConditions(
  engine: Cellar['engine'],
  search: AuditSearch,
  add: (value: string | number) => string,
): string[] {
  const conditions: string[] = []
  if (search.beforeId !== undefined) conditions.push(`id < ${add(Number(search.beforeId) || 0)}`)
  if (search.actor !== undefined) conditions.push(`actor = ${add(search.actor)}`)
  if (search.actorUserId !== undefined) {
    conditions.push(`actor_user_id = ${add(search.actorUserId)}`)
  }
  if (search.targetKind !== undefined) conditions.push(`target_kind = ${add(search.targetKind)}`)
  if (search.targetId !== undefined) conditions.push(`target_id = ${add(search.targetId)}`)
  if (search.sinceMs !== undefined) conditions.push(`at_ms >= ${add(search.sinceMs)}`)
  if (search.untilMs !== undefined) conditions.push(`at_ms < ${add(search.untilMs)}`)
  if (search.action !== undefined) {
    const { action } = search
    const within = `substr(action, 1, ${action.length + 1}) = ${add(`${action}.`)}`
    conditions.push(`(action = ${add(action)} OR ${within})`)
  }
  for (const { column, isNot, values } of search.among ?? []) {
    if (values.length === 0) continue
    const list = values.map(add).join(', ')
    conditions.push(`${columns[column]} ${isNot ? 'NOT IN' : 'IN'} (${list})`)
  }
  const position = engine === 'sqlite' ? 'instr' : 'strpos'
  const contains = (words: string) => {
    const text = add(words.toLowerCase())
    const places = textColumns.map((column) => {
      return `${position}(coalesce(lower("${column}"), ''), ${text}) > 0`
    })
    return `(${places.join(' OR ')})`
  }
  if (search.text) conditions.push(contains(search.text))
  if (search.withoutText) conditions.push(`NOT ${contains(search.withoutText)}`)
  return conditions
}

const columns = {
  actor: 'actor',
  action: 'action',
  targetKind: 'target_kind',
  via: 'via',
} as const

const textColumns = ['target_name', 'actor', 'address', 'action', 'before', 'after'] as const
