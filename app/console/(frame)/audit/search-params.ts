import type { AuditFilter } from '@/lib/admin/audit-log'
import { auditFilterFields } from '@/lib/ui/audit-list'
import { parseFilters } from '@/lib/ui/filters'
import { type Range, readRange, resolveRange } from '@/lib/ui/range'

/** Changes are rare: a day would often be empty. */
export const auditRange: Range = { kind: 'relative', text: '30d', lengthMs: 30 * 86_400_000 }

const columns = {
  actor: 'actor',
  action: 'action',
  kind: 'targetKind',
  via: 'via',
} as const

/** `range=30d&actor=ana&action=!key.create&text=gpu`. */
export function readAuditFilter(
  params: URLSearchParams,
  { nowMs, timezone }: { nowMs: number; timezone: string },
): AuditFilter {
  const range = readRange(params.get('range'), { nowMs, zone: timezone }, auditRange)
  const { fromMs, toMs } = resolveRange(range, nowMs)
  const filters = parseFilters(params, auditFilterFields)
  const text = filters.find(({ field }) => field === 'text')
  const target = filters.find(({ field }) => field === 'target')?.values[0]
  return {
    sinceMs: fromMs,
    // A change of this very moment belongs to what ends now.
    ...(range.kind === 'absolute' && { untilMs: toMs }),
    among: filters.flatMap(({ field, isNot, values }) => {
      const column = Object.entries(columns).find(([id]) => id === field)?.[1]
      return column === undefined ? [] : [{ column, isNot, values }]
    }),
    ...(target !== undefined && { targetId: target }),
    ...(text && { [text.isNot ? 'withoutText' : 'text']: text.values.join(',') }),
  }
}
