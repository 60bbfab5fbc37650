import type { KeyRow } from '@/lib/admin/key-rows'
import { renderCsv } from '@/lib/ui/csv'
import { formatIso } from '@/lib/ui/format-time'
import { conditionWord, limitWords } from './key-state'

/** The list as a file, its times by the clock of the console. */
export function renderKeysFile(rows: readonly KeyRow[], zone: string): string {
  const head = ['name', 'key', 'owner', 'state', 'permissions', 'limit', 'expires', 'last_used']
  const moment = (ms: number | null) => (ms === null ? '' : formatIso(ms, zone))
  const lines = rows.map((row) => [
    row.name,
    `op_${row.prefix}`,
    row.ownerName,
    conditionWord(row.condition),
    row.permissions.join(' '),
    limitWords(row.limit),
    moment(row.expiresAtMs),
    moment(row.lastUsedAtMs),
  ])
  return renderCsv([head, ...lines])
}
