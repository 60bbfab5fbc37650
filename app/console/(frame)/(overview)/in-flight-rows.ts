import type { InFlight } from '@/lib/admin/node-figures'

export type InFlightRow = InFlight['exchanges'][number] & { hasEnded: boolean }

/**
 * The rows to show. While a person is on the list (`isHeld`) nothing moves under the pointer: what
 * has ended keeps its place, marked so, and new ones come at the end.
 */
export function holdRows(
  before: readonly InFlightRow[],
  exchanges: InFlight['exchanges'],
  isHeld: boolean,
): InFlightRow[] {
  const now = exchanges.map((one) => ({ ...one, hasEnded: false }))
  if (!isHeld) return now
  const known = new Map(now.map((row) => [row.id, row]))
  const kept = before.map((row) => known.get(row.id) ?? { ...row, hasEnded: true })
  const seen = new Set(before.map((row) => row.id))
  return [...kept, ...now.filter((row) => !seen.has(row.id))]
}
