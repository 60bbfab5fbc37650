import type { UsageRow, UsageTable } from '@/lib/admin/usage-figures'
import { renderCsv } from '@/lib/ui/csv'

const fields = [
  'requests',
  'ok',
  'refused',
  'failed',
  'left',
  'promptTokens',
  'completionTokens',
  'estimatedRequests',
  'bytesIn',
  'bytesOut',
  'timeToFirstTokenMsP50',
  'timeToFirstTokenMsP95',
  'totalMsP50',
  'totalMsP95',
  'tokensPerSecondP50',
] as const satisfies readonly (keyof UsageRow)[]

const heads: Record<(typeof fields)[number], string> = {
  requests: 'requests',
  ok: 'completed',
  refused: 'refused',
  failed: 'failed',
  left: 'left or stopped',
  promptTokens: 'tokens in',
  completionTokens: 'tokens out',
  estimatedRequests: 'requests with estimated tokens',
  bytesIn: 'bytes in',
  bytesOut: 'bytes out',
  timeToFirstTokenMsP50: 'first token p50 ms',
  timeToFirstTokenMsP95: 'first token p95 ms',
  totalMsP50: 'time p50 ms',
  totalMsP95: 'time p95 ms',
  tokensPerSecondP50: 'tokens/s p50',
}

/** A table as it is, exact, with its total; with a comparison the figures of before stand behind. */
export function usageCsv({ by, rows, total, compared }: UsageTable): string {
  const names = fields.map((field) => heads[field])
  const head = [
    by,
    'id',
    ...names,
    ...(compared === null ? [] : names.map((name) => `${name} before`)),
  ]
  const line = (row: UsageTable['total'], [label, id]: [string, string]) => [
    label,
    id,
    ...fields.map((field) => row[field]),
    ...(compared === null ? [] : fields.map((field) => row.before?.[field] ?? null)),
  ]
  return renderCsv([
    head,
    ...rows.map((row) => line(row, [row.label, row.id])),
    line(total, ['total', '']),
  ])
}
