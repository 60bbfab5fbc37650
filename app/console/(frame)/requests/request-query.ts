import { renderQuery } from '@/lib/ui/query'

/** What of a URL chooses the rows: the range and the filters, always in the same order. */
export function requestQuery(params: URLSearchParams, fields: readonly { id: string }[]): string {
  const chosen = new URLSearchParams()
  for (const name of ['range', ...fields.map(({ id }) => id)]) {
    const value = params.get(name)
    if (value) chosen.set(name, value)
  }
  return renderQuery(chosen)
}

export function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`
}

/** The sheet of a request, with the list that it is read in. */
export function requestHref(id: string, query: string): string {
  return withQuery(`/console/requests/${encodeURIComponent(id)}`, query)
}
