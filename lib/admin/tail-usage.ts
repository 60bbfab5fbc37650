import type { UsageRecord } from '@/lib/schemas/usage-record'
import { type AdminContext, auditEntry } from './actor'
import { assertAllowed, canPruneUsage, canReadEverything } from './permissions'

const pageSize = 500
const pagesMax = 20
const seenMax = 20_000
const pruneStep = 1000
const lateMs = 15 * 60_000
const wholeEvery = 10
const dayMs = 86_400_000

export type UsageTail = {
  /** Records that were written since the last call, the oldest first. */
  readNew(): Promise<UsageRecord[]>
}

/**
 * The last `count` records, then what is new at each call. A record's id says when its request
 * arrived, not when it ended: a long answer is written after younger ones. So each call looks
 * back until a whole page is known, and every tenth a quarter of an hour back.
 */
export function tailUsage(context: AdminContext, options: { count: number }): UsageTail {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database } = context
  const seen = new Set<string>()
  let calls = 0
  return {
    async readNew() {
      const isFirst = calls === 0
      const whole = calls++ % wholeEvery === 0
      const found = await listBack(context, { seen, whole })
      for (const record of found) seen.add(record.id)
      forgetOldest(seen)
      if (!isFirst) return found.toReversed()
      const last = await database.listUsageRecords({ limit: options.count })
      for (const record of last) seen.add(record.id)
      return last.toReversed()
    },
  }
}

/** Deletes usage records older than `days`, in steps that no request notices. Returns how many. */
export async function pruneUsage(
  context: AdminContext,
  options: { days: number; signal: AbortSignal },
): Promise<number> {
  assertAllowed(canPruneUsage(context.actor), 'admin')
  const olderThanMs = context.clock.nowMs() - options.days * dayMs
  const audit = auditEntry(context.actor, { action: 'usage.prune', kind: 'usage', name: null })
  let removed = 0
  for (let step = pruneStep; step === pruneStep && !options.signal.aborted; removed += step) {
    step = await context.database.pruneUsageRecords({ olderThanMs, limit: pruneStep }, audit)
  }
  return removed
}

/** The records that were not seen yet, the newest first. */
async function listBack(
  { database, clock }: AdminContext,
  { seen, whole }: { seen: ReadonlySet<string>; whole: boolean },
): Promise<UsageRecord[]> {
  const sinceMs = clock.nowMs() - lateMs
  const records: UsageRecord[] = []
  let beforeId: string | undefined
  for (let page = 0; page < pagesMax; page++) {
    const filter = { sinceMs, limit: pageSize, ...(beforeId !== undefined && { beforeId }) }
    const rows = await database.listUsageRecords(filter)
    const fresh = rows.filter((record) => !seen.has(record.id))
    records.push(...fresh)
    beforeId = rows[rows.length - 1]?.id
    if (rows.length < pageSize || (fresh.length === 0 && !whole)) break
  }
  return records
}

function forgetOldest(seen: Set<string>): void {
  for (const id of seen) {
    if (seen.size <= seenMax) return
    seen.delete(id)
  }
}
