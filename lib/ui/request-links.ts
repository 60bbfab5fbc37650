import { type FilterField, renderFilters } from './filters'
import { renderQuery } from './query'

/** The fields of the log that a figure leads to. */
type Field = 'outcome' | 'error' | 'model' | 'key' | 'user' | 'took'

/** The rows behind a figure: the log of the same range, filtered. */
export function requestsHref(
  range: string | null,
  filter: { field: Field; value: string | readonly string[] } | null = null,
) {
  const params = new URLSearchParams(range === null ? {} : { range })
  if (filter === null) return `/console/requests?${renderQuery(params)}`
  const fields: FilterField[] = [{ id: filter.field, label: '' }]
  const filters = [{ field: filter.field, isNot: false, values: [filter.value].flat() }]
  return `/console/requests?${renderQuery(renderFilters(params, fields, filters))}`
}

export function usageHref(range: string): string {
  return `/console/usage?${renderQuery(new URLSearchParams({ range }))}`
}
