import { type Filter, parseFilters } from '@/lib/ui/filters'
import { keyFilterFields, keyRowsMax, keySortColumns } from '@/lib/ui/key-list'
import { parseSort, type Sort } from '@/lib/ui/sort'

/** What the URL of the list asks for; the same words go to its data route. */
export type KeysParams = {
  view: 'mine' | 'all'
  filters: Filter[]
  sort: Sort | null
  limit: number
}

export const keysPageSize = 100

/**
 * `view=mine`, the filters, `sort=-used`, `show=200`. Revoked keys are left out until `revoked=1`
 * or a filter of the state says otherwise.
 */
export function parseKeysParams(params: URLSearchParams): KeysParams {
  const show = Number(params.get('show'))
  return {
    view: params.get('view') === 'mine' ? 'mine' : 'all',
    filters: withoutRevoked(parseFilters(params, keyFilterFields), params),
    sort: parseSort(params.get('sort'), keySortColumns),
    limit: Number.isInteger(show) && show > 0 ? Math.min(show, keyRowsMax) : keysPageSize,
  }
}

function withoutRevoked(filters: Filter[], params: URLSearchParams): Filter[] {
  const saysState = filters.some(({ field }) => field === 'state')
  if (saysState || params.get('revoked') === '1') return filters
  return [{ field: 'state', isNot: true, values: ['revoked'] }, ...filters]
}
