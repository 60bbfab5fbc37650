import type { ListedPage, ListedRequest } from '@/lib/admin/request-log'

/** The rows that are shown, the newest first, and where older ones follow. */
export type Tail = {
  rows: readonly ListedRequest[]
  /** Of `listRequests`; null when there is nothing older. */
  cursor: string | null
  /** The search stopped there for time. */
  searchedBackToMs: number | null
}

export const rowsMax = 1000

export function startTail({ rows, cursor, searchedBackToMs }: ListedPage): Tail {
  return { rows, cursor, searchedBackToMs }
}

/** How many of the newest page are not shown yet; there may be more where no row is in both. */
export function countNew(tail: Tail, head: ListedPage): { count: number; isMore: boolean } {
  const fresh = freshOf(tail, head)
  return { count: fresh.length, isMore: hasGap(tail, head) }
}

/** With what is new in its place; requests that began long ago may end below the top. */
export function enterNew(tail: Tail, head: ListedPage): Tail {
  if (tail.rows.length === 0 || hasGap(tail, head)) return startTail(head)
  const rows = [...freshOf(tail, head), ...tail.rows].sort(newestFirst)
  return rows.length <= rowsMax ? { ...tail, rows } : cut(rows)
}

export function appendOlder(tail: Tail, page: ListedPage): Tail {
  const known = new Set(tail.rows.map(({ id }) => id))
  const rows = [...tail.rows, ...page.rows.filter(({ id }) => !known.has(id))]
  if (rows.length > rowsMax) return cut(rows)
  return { rows, cursor: page.cursor, searchedBackToMs: page.searchedBackToMs }
}

function freshOf({ rows, cursor }: Tail, head: ListedPage): ListedRequest[] {
  const known = new Set(rows.map(({ id }) => id))
  const last = rows.at(-1)
  return head.rows.filter(
    // What lies below the last row comes with the older ones.
    (row) => !known.has(row.id) && (cursor === null || !last || newestFirst(row, last) < 0),
  )
}

function hasGap({ rows }: Tail, head: ListedPage): boolean {
  if (rows.length === 0 || head.cursor === null) return false
  const known = new Set(rows.map(({ id }) => id))
  return !head.rows.some(({ id }) => known.has(id))
}

/** The same place as `listRequests` names behind a full page. */
function cut(rows: readonly ListedRequest[]): Tail {
  const kept = rows.slice(0, rowsMax)
  const last = kept.at(-1)
  return {
    rows: kept,
    cursor: last ? `${last.startedAtMs}.${last.id}` : null,
    searchedBackToMs: null,
  }
}

function newestFirst(a: ListedRequest, b: ListedRequest): number {
  return b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
}
