import { type FilterField, renderFilters } from '@/lib/ui/filters'

/** The fields of the log that a figure leads to. */
type Field = 'status' | 'error' | 'model' | 'key' | 'user' | 'took'

/** The rows behind a figure: the log of the same range, filtered. */
export function requestsHref(range: string, filter: { field: Field; value: string } | null = null) {
  const params = new URLSearchParams({ range })
  if (filter === null) return `/console/requests?${readable(params)}`
  const fields: FilterField[] = [{ id: filter.field, label: '' }]
  const filters = [{ field: filter.field, isNot: false, values: [filter.value] }]
  return `/console/requests?${readable(renderFilters(params, fields, filters))}`
}

export function usageHref(range: string): string {
  return `/console/usage?${readable(new URLSearchParams({ range }))}`
}

/** Commas, colons and dots stay as they are: a URL may hold them, and people read it. */
function readable(params: URLSearchParams): string {
  return params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
}
