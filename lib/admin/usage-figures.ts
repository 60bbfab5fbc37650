import type { UsageGroup } from '@/lib/db/contract'
import type { UsageBucket } from '@/lib/db/contract-reads'
import type { Bucket } from '@/lib/ui/buckets'
import type { Period } from '@/lib/ui/range'
import type { AdminContext } from './actor'
import {
  byIndex,
  outcomeSeries,
  type Percentiles,
  percentilesOf,
  type Series,
  topSeries,
} from './series'
import { cutIntoHoursOfDay, cutPeriod } from './usage-periods'
import {
  getPlaceOf,
  placeOfAll,
  resolveUsageScope,
  type UsageOf,
  type UsagePlace,
  type UsageScope,
} from './usage-scope'

export type UsageMeasure = 'requests' | 'failed' | 'promptTokens' | 'completionTokens' | 'tokens'
/** `outcome` is how requests ended: the page calls it status. */
export type UsageBy = UsageGroup

export type UsageRow = {
  id: string
  label: string
  requests: number
  ok: number
  refused: number
  failed: number
  left: number
  promptTokens: number
  completionTokens: number
  estimatedRequests: number
  bytesIn: number
  bytesOut: number
  totalMsP50: number | null
  totalMsP95: number | null
  timeToFirstTokenMsP50: number | null
  timeToFirstTokenMsP95: number | null
  tokensPerSecondP50: number | null
}
export type UsageTable = {
  by: UsageBy
  period: Period
  compared: Period | null
  /** `before` is null without a comparison, and for a row that was not there. */
  rows: (UsageRow & { before: UsageRow | null })[]
  total: UsageRow & { before: UsageRow | null }
}
export type UsageSeries = {
  by: UsageBy | null
  bucket: Bucket | 'hour-of-day'
  timezone: string
  measure: UsageMeasure
  /** When each bucket begins; null of hours of the day, which are 0 to 23. */
  bucketStartsMs: number[] | null
  openFromMs: number | null
  /** At most six and the rest. */
  series: Series[]
  /** Of all together, one point a bucket. */
  measures: Record<UsageMeasure, number[]>
  outcomes: Series[]
  latency: { timeToFirstTokenMs: Percentiles; totalMs: Percentiles }
}

type Wanted = { period: Period; timezone: string; of?: UsageOf }

/**
 * Totals by group, as `corral usage` prints them, and those of another period beside them. Throws
 * `admin.invalid_input` where one user's or key's are not counted by that group.
 */
export async function usageTable(
  context: AdminContext,
  wanted: Wanted & { by: UsageBy; compare?: Period },
): Promise<UsageTable> {
  const { by, period, compare } = wanted
  const scope = await resolveUsageScope(context, wanted.of)
  const place = getPlaceOf(scope, by)
  const [rows, [total], before, [totalBefore]] = await Promise.all([
    readRows(context, place, period),
    readRows(context, { ...placeOfAll(scope) }, period, 'together'),
    compare ? readRows(context, place, compare) : [],
    compare ? readRows(context, { ...placeOfAll(scope) }, compare, 'together') : [],
  ])
  const earlier = new Map(before.map((row) => [row.id, row]))
  const gone = before.filter((row) => !rows.some((one) => one.id === row.id))
  const all = [...rows, ...gone.map((row) => ({ ...emptyRow, id: row.id, label: row.label }))]
  return {
    by,
    period,
    compared: compare ?? null,
    rows: all
      .map((row) => ({ ...row, before: earlier.get(row.id) ?? null }))
      .sort((a, b) => b.requests - a.requests || a.label.localeCompare(b.label)),
    total: {
      ...(total ?? emptyRow),
      before: compare ? (totalBefore ?? emptyRow) : null,
    },
  }
}

/** All together. Throws as `usageTable` does. */
export async function usageTotal(
  context: AdminContext,
  { period, of }: Pick<Wanted, 'period' | 'of'>,
): Promise<UsageRow> {
  const scope = await resolveUsageScope(context, of)
  const [total] = await readRows(context, placeOfAll(scope), period, 'together')
  return total ?? emptyRow
}

/** The same over time: by hour, day or month of the zone, or by hour of the day. */
export async function usageSeries(
  context: AdminContext,
  wanted: Wanted & { by: UsageBy | null; bucket?: Bucket | 'hour-of-day'; measure?: UsageMeasure },
): Promise<UsageSeries> {
  const { by, period, timezone, measure = 'requests' } = wanted
  const scope = await resolveUsageScope(context, wanted.of)
  const isHours = wanted.bucket === 'hour-of-day'
  const nowMs = context.clock.nowMs()
  const bucket = wanted.bucket === 'hour-of-day' ? 'hour' : wanted.bucket
  const cut = isHours ? null : cutPeriod(period, { timezone, nowMs, ...(bucket && { bucket }) })
  const stretches = cut?.stretches ?? cutIntoHoursOfDay(period, timezone)
  const length = cut?.startsMs.length ?? 24
  const [together, groups] = await Promise.all([
    context.database.readUsageBuckets({
      ...placeOfAll(scope),
      together: true,
      stretches,
      quantiles: true,
    }),
    by === null ? [] : readGroups(context, scope, { by, stretches }),
  ])
  const at = byIndex(together, length)
  return {
    by,
    bucket: cut?.bucket ?? 'hour-of-day',
    timezone,
    measure,
    bucketStartsMs: cut?.startsMs ?? null,
    openFromMs: cut?.openFromMs ?? null,
    series: topSeries(by === null ? together : groups, length, figures[measure]),
    measures: measuresOf(at),
    outcomes: outcomeSeries(at),
    latency: {
      timeToFirstTokenMs: percentilesOf(at, 'timeToFirstTokenMs'),
      totalMs: percentilesOf(at, 'totalMs'),
    },
  }
}

export type MonthlyReport = {
  /** `2026-10` */
  month: string
  timezone: string
  period: Period
  total: UsageRow
  days: UsageSeries
  models: UsageRow[]
  keys: UsageRow[]
  /** Only of everyone. */
  users: UsageRow[]
}

/** One month of everyone, of a user or of a key, to be printed. */
export async function monthlyReport(
  context: AdminContext,
  wanted: { month: string; period: Period; timezone: string; of?: UsageOf },
): Promise<MonthlyReport> {
  const { month, period, timezone } = wanted
  const of = wanted.of === undefined ? {} : { of: wanted.of }
  const scope = await resolveUsageScope(context, wanted.of)
  const read = async (by: UsageBy) =>
    (await usageTable(context, { by, period, timezone, ...of })).rows
  const [models, keys, users, days, [total]] = await Promise.all([
    read('model'),
    read('key'),
    scope.kind === 'everyone' ? read('user') : [],
    usageSeries(context, { by: 'model', bucket: 'day', period, timezone, ...of }),
    readRows(context, placeOfAll(scope), period, 'together'),
  ])
  return { month, timezone, period, total: total ?? emptyRow, days, models, keys, users }
}

const figures: Record<UsageMeasure, (bucket: UsageBucket) => number> = {
  requests: (bucket) => bucket.requests,
  failed: (bucket) => bucket.failed,
  promptTokens: (bucket) => bucket.promptTokens,
  completionTokens: (bucket) => bucket.completionTokens,
  tokens: (bucket) => bucket.promptTokens + bucket.completionTokens,
}

function measuresOf(at: readonly (UsageBucket | undefined)[]): Record<UsageMeasure, number[]> {
  const points = (measure: UsageMeasure) =>
    at.map((bucket) => (bucket === undefined ? 0 : figures[measure](bucket)))
  return {
    requests: points('requests'),
    failed: points('failed'),
    promptTokens: points('promptTokens'),
    completionTokens: points('completionTokens'),
    tokens: points('tokens'),
  }
}

function readGroups(
  { database }: AdminContext,
  scope: UsageScope,
  {
    by,
    stretches,
  }: { by: UsageBy; stretches: { index: number; fromMs: number; untilMs: number }[] },
): Promise<UsageBucket[]> {
  const sums = ['requests', 'failed', 'promptTokens', 'completionTokens'] as const
  return database.readUsageBuckets({ ...getPlaceOf(scope, by), stretches, sums, quantiles: false })
}

async function readRows(
  { database }: AdminContext,
  place: UsagePlace,
  period: Period,
  together?: 'together',
): Promise<UsageRow[]> {
  const buckets = await database.readUsageBuckets({
    ...place,
    together: together !== undefined,
    stretches: [{ index: 0, fromMs: period.fromMs, untilMs: period.toMs }],
    quantiles: true,
  })
  return buckets.map(renderRow)
}

function renderRow(bucket: UsageBucket): UsageRow {
  const { quantiles } = bucket
  return {
    id: bucket.value,
    label: bucket.label,
    requests: bucket.requests,
    ok: bucket.ok,
    refused: bucket.refused,
    failed: bucket.failed,
    left: bucket.left,
    promptTokens: bucket.promptTokens,
    completionTokens: bucket.completionTokens,
    estimatedRequests: bucket.estimated,
    bytesIn: bucket.bytesIn,
    bytesOut: bucket.bytesOut,
    totalMsP50: quantiles?.totalMs.p50 ?? null,
    totalMsP95: quantiles?.totalMs.p95 ?? null,
    timeToFirstTokenMsP50: quantiles?.timeToFirstTokenMs.p50 ?? null,
    timeToFirstTokenMsP95: quantiles?.timeToFirstTokenMs.p95 ?? null,
    tokensPerSecondP50: quantiles?.tokensPerSecond.p50 ?? null,
  }
}

const emptyRow: UsageRow = {
  id: '',
  label: '',
  requests: 0,
  ok: 0,
  refused: 0,
  failed: 0,
  left: 0,
  promptTokens: 0,
  completionTokens: 0,
  estimatedRequests: 0,
  bytesIn: 0,
  bytesOut: 0,
  totalMsP50: null,
  totalMsP95: null,
  timeToFirstTokenMsP50: null,
  timeToFirstTokenMsP95: null,
  tokensPerSecondP50: null,
}
