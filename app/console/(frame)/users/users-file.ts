import type { UserRow } from '@/lib/admin/user-rows'
import { renderCsv } from '@/lib/ui/csv'
import { formatIso } from '@/lib/ui/format-time'

/** The list as a file, its times by the clock of the console. */
export function renderUsersFile(rows: readonly UserRow[], zone: string): string {
  const head = ['name', 'role', 'state', 'email', 'teams', 'keys', 'requests_30d', 'last_seen']
  const lines = rows.map((row) => {
    const seenAtMs = lastSeen(row)
    return [
      ...[row.name, row.role, row.condition, row.email],
      row.teams.map(({ name }) => name).join(' '),
      row.keyCount,
      row.requests,
      seenAtMs === null ? '' : formatIso(seenAtMs, zone),
    ]
  })
  return renderCsv([head, ...lines])
}

export function lastSeen({
  lastVisitAtMs,
  lastSignInAtMs,
}: Pick<UserRow, 'lastVisitAtMs' | 'lastSignInAtMs'>): number | null {
  return lastVisitAtMs ?? lastSignInAtMs
}
