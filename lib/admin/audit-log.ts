import { stringify } from 'csv-stringify/sync'
import type { AuditRow } from '@/lib/db/contract'
import type { AuditSearch } from '@/lib/db/contract-reads'
import { formatIso } from '@/lib/ui/format-time'
import type { AdminContext } from './actor'
import { assertAllowed, canReadEverything } from './permissions'

export type AuditFilter = Omit<AuditSearch, 'beforeId' | 'limit'>
export type AuditPage = { rows: AuditRow[]; cursor: string | null }

export const auditPageSize = 100
const exportPageSize = 500
const exportPagesMax = 2000

/** Who changed what, the newest first. */
export async function listAuditRows(
  context: AdminContext,
  filter: AuditFilter,
  cursor: string | null = null,
): Promise<AuditPage> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  return readPage(context, { filter, cursor, limit: auditPageSize })
}

/** One row, or null. */
export async function findAuditRow(context: AdminContext, id: string): Promise<AuditRow | null> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  if (!/^\d{1,15}$/.test(id)) return null
  const search = { beforeId: String(Number(id) + 1), limit: 1 }
  const [row] = await context.database.searchAudit(search)
  return row?.id === id ? row : null
}

/** Who may stand in it: the people of now, the local command line and the sign-in provider. */
export async function listAuditActors(context: AdminContext): Promise<string[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const users = await context.database.listUsers()
  return ['operator', ...users.map(({ name }) => name), 'sign-in provider']
}

/** As CSV, in chunks of at most 500 lines; times with their offset, before and after as JSON. */
export async function* exportAudit(
  context: AdminContext,
  filter: AuditFilter,
  { signal, timezone }: { signal: AbortSignal; timezone: string },
): AsyncGenerator<string> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  yield stringify([head])
  let cursor: string | null = null
  for (let pages = 0; pages < exportPagesMax && !signal.aborted; pages++) {
    const page: AuditPage = await readPage(context, { filter, cursor, limit: exportPageSize })
    if (page.rows.length > 0) {
      const cells = page.rows.map((row) => renderCells(row, timezone))
      yield stringify(cells, { escape_formulas: true })
    }
    cursor = page.cursor
    if (cursor === null) return
  }
}

async function readPage(
  { database }: AdminContext,
  { filter, cursor, limit }: { filter: AuditFilter; cursor: string | null; limit: number },
): Promise<AuditPage> {
  const search = { ...filter, limit: limit + 1, ...(cursor !== null && { beforeId: cursor }) }
  const rows = await database.searchAudit(search)
  const page = rows.slice(0, limit)
  return { rows: page, cursor: rows.length > limit ? (page[page.length - 1]?.id ?? null) : null }
}

const head = [
  'at',
  'actor',
  'via',
  'address',
  'action',
  'target_kind',
  'target_name',
  'target_id',
  'before',
  'after',
]

function renderCells(row: AuditRow, timezone: string): string[] {
  return [
    formatIso(row.atMs, timezone),
    row.actor,
    row.via,
    row.address ?? '',
    row.action,
    row.targetKind,
    row.targetName ?? '',
    row.targetId ?? '',
    row.before === null ? '' : JSON.stringify(row.before),
    row.after === null ? '' : JSON.stringify(row.after),
  ]
}
