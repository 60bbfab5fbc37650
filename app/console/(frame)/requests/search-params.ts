import { parseRequestFilter, type RequestFilter, requestFilterFields } from '@/lib/admin/requests'
import { parseFilters } from '@/lib/ui/filters'
import { type Period, type Range, readRange, resolveRange } from '@/lib/ui/range'

export type RequestSearch = { range: Range; period: Period; filter: RequestFilter }

/** What the URL asks the log for. */
export function readRequestSearch(
  params: URLSearchParams,
  { nowMs, timezone }: { nowMs: number; timezone: string },
): RequestSearch {
  const range = readRange(params.get('range'), { nowMs, zone: timezone })
  const period = resolveRange(range, nowMs)
  const filters = parseFilters(params, requestFilterFields)
  return { range, period, filter: parseRequestFilter(filters, period) }
}
