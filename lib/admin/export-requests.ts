import { stringify } from 'csv-stringify/sync'
import type { UsageCursor } from '@/lib/db/contract-reads'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { formatIso } from '@/lib/ui/format-time'
import type { AdminContext } from './actor'
import { nameKeys, type RequestFilter, type RequestRow, readable } from './requests'

const pageSize = 500
const pagesMax = 20_000
const budgetMs = 250

/**
 * The filtered log as a file, the newest first: chunks of at most 500 lines, read when they are
 * taken. Times are ISO 8601 of the zone; what is not known is empty in CSV and null in JSON lines.
 */
export async function* exportRequests(
  context: AdminContext,
  filter: RequestFilter,
  {
    format,
    signal,
    timezone = 'UTC',
  }: { format: 'csv' | 'jsonl'; signal: AbortSignal; timezone?: string },
): AsyncGenerator<string> {
  if (format === 'csv') yield stringify([['started_at', ...columns.map(toSnakeCase)]])
  let cursor: UsageCursor | null = null
  const keys = await context.database.listKeys()
  for (let pages = 0; pages < pagesMax && !signal.aborted; pages++) {
    const page = await context.database.searchUsageRecords({
      ...readable(context, filter),
      ...(cursor && { cursor }),
      limit: pageSize,
      budgetMs,
    })
    const rows = nameKeys(page.records, keys)
    if (rows.length > 0)
      yield format === 'csv' ? renderCsv(rows, timezone) : renderJsonLines(rows, timezone)
    cursor = page.cursor
    if (cursor === null) return
  }
}

const columns = [
  'id',
  'status',
  'errorCode',
  'errorText',
  'keyName',
  'keyPrefix',
  'principal',
  'frontend',
  'modelAsked',
  'modelServed',
  'backendName',
  'dialect',
  'operation',
  'stream',
  'finishReason',
  'promptTokens',
  'completionTokens',
  'tokensEstimated',
  'totalMs',
  'timeToFirstTokenMs',
  'queueMs',
  'loadMs',
  'prefillMs',
  'decodeMs',
  'overheadMs',
  'tokensPerSecond',
  'attempts',
  'bytesIn',
  'bytesOut',
  'clientAddress',
  'userAgent',
  'method',
  'path',
  'routeDecision',
  'numCtx',
  'keepAlive',
] as const satisfies (keyof RequestRow)[]

function renderCsv(rows: readonly RequestRow[], timezone: string): string {
  return stringify(
    rows.map((row) => [
      formatIso(row.startedAtMs, timezone),
      ...columns.map((column) => safeCell(row[column])),
    ]),
    // A spreadsheet runs what begins like a formula; ours is text.
    { escape_formulas: true },
  )
}

function safeCell(cell: UsageRecord[keyof UsageRecord]): string | number {
  if (cell === null) return ''
  return typeof cell === 'boolean' ? String(cell) : cell
}

function renderJsonLines(rows: readonly RequestRow[], timezone: string): string {
  return rows
    .map((row) => {
      const { startedAtMs, ...rest } = row
      return `${JSON.stringify({ startedAt: formatIso(startedAtMs, timezone), ...rest })}\n`
    })
    .join('')
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
