import type { AuditRow, Key } from '@/lib/db/contract'
import type { RateLimit } from '@/lib/schemas/entities'
import type { Period } from '@/lib/ui/range'
import { previousPeriod } from '@/lib/ui/range'
import type { AdminContext } from './actor'
import { isMadeByPerson } from './is-made-by-person'
import { readInheritedCapture } from './kept-content'
import { describeKey, type KeyRow } from './key-rows'
import { getKey } from './keys'
import { canManageEveryKey, canManageKey } from './permissions'
import {
  type UsageRow,
  type UsageSeries,
  type UsageTable,
  usageSeries,
  usageTable,
} from './usage-figures'

export type KeyPage = {
  nowMs: number
  key: KeyRow
  /** Its own limit; null where what holds stands above it. */
  ownLimit: RateLimit | null
  /** Whether its prompts and answers are kept (H2); null where what stands above it says so. */
  capture: boolean | null
  /** What that says. */
  inheritsCapture: boolean
  /** After a rotation the old secret works until then; null when there is none. */
  graceUntilMs: number | null
  may: {
    /** Disable, enable, rotate, revoke, and narrow what it may do. */
    manage: boolean
    /** Widen it, too. */
    widen: boolean
  }
}

export type KeyUsage = {
  nowMs: number
  period: Period
  series: UsageSeries
  total: UsageRow & { before: UsageRow | null }
  models: UsageTable['rows']
}

const modelsMax = 6
const historyMax = 50

/** What a key is and may do. Throws `admin.not_found`, also for one that the actor may not see. */
export async function readKeyPage(context: AdminContext, reference: string): Promise<KeyPage> {
  const key = await getKey(context, reference)
  const [row, graceUntilMs, inheritsCapture] = await Promise.all([
    describeKey(context, key),
    findGraceEnd(context, key),
    readInheritedCapture(context, key),
  ])
  const isChangeable = key.state !== 'revoked' && isMadeByPerson(key)
  const manage = isChangeable && canManageKey(context.actor, key)
  return {
    nowMs: context.clock.nowMs(),
    key: row,
    ownLimit: key.rateLimit,
    capture: key.capture,
    inheritsCapture,
    graceUntilMs,
    may: { manage, widen: manage && canManageEveryKey(context.actor) },
  }
}

/** What a key did in a range, as `corral usage` counts it, and in the range before. */
export async function readKeyUsage(
  context: AdminContext,
  reference: string,
  { period, timezone }: { period: Period; timezone: string },
): Promise<KeyUsage> {
  const key = await getKey(context, reference)
  const of = { keyIds: [key.id] }
  const compare = previousPeriod(period)
  const [series, models] = await Promise.all([
    usageSeries(context, { by: null, period, timezone, of }),
    usageTable(context, { by: 'model', period, timezone, of, compare }),
  ])
  return {
    nowMs: context.clock.nowMs(),
    period,
    series,
    total: models.total,
    models: models.rows.filter((row) => row.requests > 0).slice(0, modelsMax),
  }
}

/** Who changed a key and how, the newest first, at most 50. Whoever sees the key sees this. */
export async function listKeyHistory(
  context: AdminContext,
  reference: string,
): Promise<{ rows: AuditRow[]; hasMore: boolean }> {
  const key = await getKey(context, reference)
  const rows = await context.database.searchAudit({
    targetKind: 'key',
    targetId: key.id,
    limit: historyMax + 1,
  })
  return { rows: rows.slice(0, historyMax), hasMore: rows.length > historyMax }
}

async function findGraceEnd({ database, clock }: AdminContext, key: Key): Promise<number | null> {
  if (key.state === 'revoked') return null
  const found = await database.findKeyWithSecretDigestsByPrefix(key.prefix)
  const ends = (found?.secrets ?? [])
    .flatMap(({ validUntilMs }) => validUntilMs ?? [])
    .filter((atMs) => atMs > clock.nowMs())
  return ends.length === 0 ? null : Math.max(...ends)
}
