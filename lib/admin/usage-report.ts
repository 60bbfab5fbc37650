import type { UsageGroup, UsageTotals } from '@/lib/db/contract'
import type { AdminContext } from './actor'
import { assertAllowed, canReadEverything } from './permissions'

export type UsageReport = {
  by: UsageGroup
  sinceMs: number
  untilMs: number
  rows: UsageTotals[]
  total: Pick<
    UsageTotals,
    | 'requests'
    | 'failed'
    | 'refused'
    | 'left'
    | 'promptTokens'
    | 'completionTokens'
    | 'estimatedRequests'
  >
}

/** Totals from roll-ups. Who may not read everything reads only by key, and only their own keys. */
export async function usageReport(
  context: AdminContext,
  filter: { by: UsageGroup; sinceMs: number; untilMs: number },
): Promise<UsageReport> {
  const rows = await readableRows(context, filter)
  const total = {
    requests: 0,
    failed: 0,
    refused: 0,
    left: 0,
    promptTokens: 0,
    completionTokens: 0,
    estimatedRequests: 0,
  }
  for (const row of rows) {
    total.requests += row.requests
    total.failed += row.failed
    total.refused += row.refused
    total.left += row.left
    total.promptTokens += row.promptTokens
    total.completionTokens += row.completionTokens
    total.estimatedRequests += row.estimatedRequests
  }
  return { ...filter, rows, total }
}

async function readableRows(
  context: AdminContext,
  filter: { by: UsageGroup; sinceMs: number; untilMs: number },
): Promise<UsageTotals[]> {
  const { actor, database } = context
  if (canReadEverything(actor)) return database.reportUsage(filter)
  assertAllowed(filter.by === 'key', 'viewer')
  const own = await database.listKeys({ ownerId: actor.kind === 'user' ? actor.id : '' })
  const ids = new Set(own.map((key) => key.id))
  return (await database.reportUsage(filter)).filter((row) => ids.has(row.group))
}
