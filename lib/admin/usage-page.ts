import type { Bucket } from '@/lib/ui/buckets'
import { type Period, previousPeriod } from '@/lib/ui/range'
import { startOfMonth, wallTimeOf } from '@/lib/ui/zone'
import type { AdminContext } from './actor'
import { getKey, listKeys } from './keys'
import { canReadEverything } from './permissions'
import {
  type MonthlyReport,
  monthlyReport,
  type UsageBy,
  type UsageMeasure,
  type UsageRow,
  type UsageSeries,
  type UsageTable,
  usageSeries,
  usageTable,
  usageTotal,
} from './usage-figures'
import { findPlaceOf, resolveUsageScope, type UsageOf } from './usage-scope'
import { getUser, listUsers } from './users'

/** One user's or one key's usage is wanted; null is everyone's, for a member their own. */
export type WantedOne = { kind: 'user' | 'key'; id: string } | null

/** Whose usage stands there. */
export type UsageWho = { kind: 'user' | 'key'; id: string; name: string; detail: string | null }

export type UsageQuery = {
  period: Period
  compare: Period | null
  timezone: string
  by: UsageBy
  bucket: Bucket | 'hour-of-day'
  measure: UsageMeasure
  of: WantedOne
}

export type UsagePage = {
  nowMs: number
  /** Null: everyone's, or all of the reader's own. */
  who: UsageWho | null
  seesEveryone: boolean
  /** What can be counted by; of one user or key, roll-ups do not tell all. */
  groups: UsageBy[]
  /** One of `groups`: the one that was asked for, if it is there. */
  by: UsageBy
  table: UsageTable
  /** Against the period that is compared with, else the one before. */
  total: UsageRow & { before: UsageRow }
  series: UsageSeries
  before: UsageSeries | null
}

export type UsageReportPage = MonthlyReport & {
  nowMs: number
  who: UsageWho | null
  seesEveryone: boolean
  /** It is not over. */
  isOpen: boolean
}

const everyGroup: readonly UsageBy[] = ['model', 'key', 'user', 'backend', 'operation', 'outcome']
const foundMax = 50

/**
 * The figures of the usage page, as `corral usage` counts them. Throws `admin.not_found` and
 * `admin.forbidden` for a user or key that the actor may not see.
 */
export async function readUsagePage(context: AdminContext, query: UsageQuery): Promise<UsagePage> {
  const { period, compare, timezone, bucket, measure } = query
  const { who, of } = await findWho(context, query.of)
  const scope = await resolveUsageScope(context, of)
  const groups = everyGroup.filter((group) => findPlaceOf(scope, group) !== null)
  const by = groups.includes(query.by) ? query.by : 'model'
  const wanted = { timezone, bucket, measure, ...(of && { of }) }
  const [table, series, before, totalBefore] = await Promise.all([
    usageTable(context, { by, period, timezone, ...(of && { of }), ...(compare && { compare }) }),
    usageSeries(context, { ...wanted, by, period }),
    compare ? usageSeries(context, { ...wanted, by: null, period: compare }) : null,
    compare ? null : usageTotal(context, { period: previousPeriod(period), ...(of && { of }) }),
  ])
  return {
    nowMs: context.clock.nowMs(),
    who,
    seesEveryone: canReadEverything(context.actor),
    groups,
    by,
    table,
    total: { ...table.total, before: table.total.before ?? totalBefore ?? table.total },
    series,
    before,
  }
}

/** A month of the zone, `2026-10`, as far as it went. Throws as `readUsagePage` does. */
export async function readUsageReport(
  context: AdminContext,
  wanted: { month: string; timezone: string; of: WantedOne },
): Promise<UsageReportPage> {
  const { month, timezone } = wanted
  const nowMs = context.clock.nowMs()
  const { fromMs, toMs } = periodOfMonth(month, timezone)
  const { who, of } = await findWho(context, wanted.of)
  const report = await monthlyReport(context, {
    month,
    period: { fromMs, toMs: Math.max(fromMs + 1, Math.min(toMs, nowMs)) },
    timezone,
    ...(of && { of }),
  })
  return {
    ...report,
    nowMs,
    who,
    seesEveryone: canReadEverything(context.actor),
    isOpen: toMs > nowMs,
  }
}

/** Users and keys that the actor may read, by a part of their name; at most 50, users first. */
export async function searchUsageWho(context: AdminContext, text: string): Promise<UsageWho[]> {
  const wanted = text.trim().toLowerCase()
  const [users, keys] = await Promise.all([listUsers(context), listKeys(context)])
  const all: UsageWho[] = [
    ...users.map(({ id, name }) => ({ kind: 'user' as const, id, name, detail: null })),
    ...keys.map(({ id, name, ownerName }) => ({
      kind: 'key' as const,
      id,
      name,
      detail: ownerName,
    })),
  ]
  return all.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, foundMax)
}

/** From the zone's midnight to that of the next month. `month` is `2026-10`. */
export function periodOfMonth(month: string, timezone: string): Period {
  // The middle of a month is in it in every zone.
  const middleMs = Date.parse(`${month}-15T12:00:00Z`)
  return { fromMs: startOfMonth(middleMs, timezone), toMs: startOfMonth(middleMs, timezone, 1) }
}

/** `2026-10` */
export function monthOf(ms: number, timezone: string): string {
  const { year, month } = wallTimeOf(ms, timezone)
  return `${year}-${String(month).padStart(2, '0')}`
}

async function findWho(
  context: AdminContext,
  wanted: WantedOne,
): Promise<{ who: UsageWho | null; of: UsageOf | undefined }> {
  if (wanted === null) return { who: null, of: undefined }
  if (wanted.kind === 'key') {
    const { id, name, ownerName } = await getKey(context, wanted.id)
    return { who: { kind: 'key', id, name, detail: ownerName }, of: { keyIds: [id] } }
  }
  const { user } = await getUser(context, wanted.id)
  const { id, name } = user
  return { who: { kind: 'user', id, name, detail: null }, of: { userIds: [id] } }
}
