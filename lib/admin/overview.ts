import type { UsageBucket } from '@/lib/db/contract-reads'
import type { Bucket } from '@/lib/ui/buckets'
import { type Period, previousPeriod } from '@/lib/ui/range'
import type { AdminContext } from './actor'
import { type ErrorFigure, listErrorFigures } from './error-figures'
import { type HealthInWords, healthInWords } from './health-in-words'
import { type InFlight, listInFlight, type ServerFigure, serversStrip } from './node-figures'
import { canReadEverything } from './permissions'
import {
  byIndex,
  outcomeSeries,
  type Percentiles,
  percentilesOf,
  type Series,
  topSeries,
} from './series'
import { besideEachOther, cutPeriod } from './usage-periods'
import { findPlaceOf, placeOfAll, resolveUsageScope, type UsageScope } from './usage-scope'

/** A figure, the same of the period before, and how it went: `null` is not known. */
export type Tile = { value: number | null; before: number | null; points: (number | null)[] }
export type TopRow = {
  id: string
  label: string
  requests: number
  failed: number
  promptTokens: number
  completionTokens: number
}

export type Overview = {
  period: Period
  previous: Period
  timezone: string
  bucket: Bucket
  bucketStartsMs: number[]
  openFromMs: number | null
  /** `own`: only what the reader did. */
  scope: 'everyone' | 'own'
  tiles: {
    requests: Tile
    /** The share that failed, 0 to 1; a refusal or a client that left is no failure. */
    errorRate: Tile
    promptTokens: Tile
    completionTokens: Tile
    timeToFirstTokenP50Ms: Tile
    timeToFirstTokenP95Ms: Tile
    tokensPerSecondP50: Tile
    /** Null to those who read only their own. Points are of days where the range is beyond 24 h. */
    activeUsers: Tile | null
  }
  traffic: { byOutcome: Series[]; byModel: Series[] }
  latency: { timeToFirstTokenMs: Percentiles; totalMs: Percentiles }
  /** Milliseconds of all requests together, bucket by bucket. */
  timeSpent: { queueMs: number[]; loadMs: number[]; prefillMs: number[]; decodeMs: number[] }
  top: { models: TopRow[]; keys: TopRow[]; users: TopRow[] }
  errors: ErrorFigure[]
  /** Empty to those who read only their own. */
  servers: ServerFigure[]
  inFlight: InFlight
  health: HealthInWords
}

const topMax = 8
const dayMs = 86_400_000

/** The first page, from roll-ups and node reports; never from records. A member reads their own. */
export async function overview(
  context: AdminContext,
  { range, timezone }: { range: Period; timezone: string },
): Promise<Overview> {
  const { database, clock } = context
  const scope = await resolveUsageScope(context)
  const previous = previousPeriod(range)
  const cut = cutPeriod(range, { timezone, nowMs: clock.nowMs() })
  const both = besideEachOther(previous, range)
  const all = placeOfAll(scope)
  const current = [{ index: 0, fromMs: range.fromMs, untilMs: range.toMs }]
  const [
    buckets,
    totals,
    byModel,
    keys,
    users,
    activeUsersBefore,
    activeUserPoints,
    errors,
    servers,
    inFlight,
    health,
  ] = await Promise.all([
    database.readUsageBuckets({
      ...all,
      together: true,
      stretches: cut.stretches,
      quantiles: true,
    }),
    database.readUsageBuckets({ ...all, together: true, stretches: both, quantiles: true }),
    readGroup(context, scope, { group: 'model', stretches: cut.stretches }),
    readGroup(context, scope, { group: 'key', stretches: current }),
    scope.kind === 'everyone'
      ? readGroup(context, scope, { group: 'user', stretches: current })
      : Promise.resolve([]),
    scope.kind === 'everyone' ? countActiveUsers(context, previous) : 0,
    scope.kind === 'everyone' ? countActiveUsersOverTime(context, { range, timezone }) : [],
    listErrorFigures(context, scope, range),
    canReadEverything(context.actor) ? serversStrip(context) : [],
    listInFlight(context),
    healthInWords(context),
  ])
  const at = byIndex(buckets, cut.startsMs.length)
  const [before, now] = byIndex(totals, 2)
  return {
    period: range,
    previous,
    timezone,
    bucket: cut.bucket,
    bucketStartsMs: cut.startsMs,
    openFromMs: cut.openFromMs,
    scope: scope.kind === 'everyone' ? 'everyone' : 'own',
    tiles: {
      ...renderTiles({ at, before, now }),
      activeUsers:
        scope.kind === 'everyone'
          ? {
              value: users.filter(({ value }) => isSomebody(value)).length,
              before: activeUsersBefore,
              points: activeUserPoints,
            }
          : null,
    },
    traffic: { byOutcome: outcomeSeries(at), byModel: topSeries(byModel, cut.startsMs.length) },
    latency: {
      timeToFirstTokenMs: percentilesOf(at, 'timeToFirstTokenMs'),
      totalMs: percentilesOf(at, 'totalMs'),
    },
    timeSpent: {
      queueMs: at.map((one) => one?.queueMsSum ?? 0),
      loadMs: at.map((one) => one?.loadMsSum ?? 0),
      prefillMs: at.map((one) => one?.prefillMsSum ?? 0),
      decodeMs: at.map((one) => one?.decodeMsSum ?? 0),
    },
    top: { models: topRows(addUp(byModel)), keys: topRows(keys), users: topRows(users) },
    errors,
    servers,
    inFlight,
    health,
  }
}

function readGroup(
  { database }: AdminContext,
  scope: UsageScope,
  {
    group,
    stretches,
  }: {
    group: 'model' | 'key' | 'user'
    stretches: Parameters<typeof database.readUsageBuckets>[0]['stretches']
  },
): Promise<UsageBucket[]> {
  const place = findPlaceOf(scope, group)
  if (place === null) return Promise.resolve([])
  const sums = ['requests', 'failed', 'promptTokens', 'completionTokens'] as const
  return database.readUsageBuckets({ ...place, stretches, sums, quantiles: false })
}

/** As users are counted in `countUsageValues`. */
function isSomebody(value: string): boolean {
  return value !== '' && value !== 'anonymous'
}

/** The buckets of each value as one: what `readGroup` reads, over all of them. */
function addUp(buckets: readonly UsageBucket[]): UsageBucket[] {
  const whole = new Map<string, UsageBucket>()
  for (const bucket of buckets) {
    const known = whole.get(bucket.value)
    if (known === undefined) {
      whole.set(bucket.value, { ...bucket })
      continue
    }
    known.requests += bucket.requests
    known.failed += bucket.failed
    known.promptTokens += bucket.promptTokens
    known.completionTokens += bucket.completionTokens
  }
  return [...whole.values()]
}

async function countActiveUsers({ database }: AdminContext, period: Period): Promise<number> {
  const stretches = [{ index: 0, fromMs: period.fromMs, untilMs: period.toMs }]
  const [counted] = await database.countUsageValues({ dimension: 'user', stretches })
  return counted?.values ?? 0
}

async function countActiveUsersOverTime(
  { database, clock }: AdminContext,
  { range, timezone }: { range: Period; timezone: string },
): Promise<number[]> {
  const isLong = range.toMs - range.fromMs > 1.25 * dayMs
  const nowMs = clock.nowMs()
  const cut = cutPeriod(range, { timezone, nowMs, ...(isLong && { bucket: 'day' as const }) })
  const counted = await database.countUsageValues({ dimension: 'user', stretches: cut.stretches })
  const at = new Map(counted.map(({ index, values }) => [index, values]))
  return cut.startsMs.map((_, index) => at.get(index) ?? 0)
}

type TileBuckets = {
  at: readonly (UsageBucket | undefined)[]
  before: UsageBucket | undefined
  now: UsageBucket | undefined
}

function renderTiles({ at, before, now }: TileBuckets): Omit<Overview['tiles'], 'activeUsers'> {
  const tile = (figure: (bucket: UsageBucket | undefined) => number | null): Tile => ({
    value: figure(now),
    before: figure(before),
    points: at.map(figure),
  })
  return {
    requests: tile((bucket) => bucket?.requests ?? 0),
    errorRate: tile((bucket) => (bucket?.requests ? bucket.failed / bucket.requests : null)),
    promptTokens: tile((bucket) => bucket?.promptTokens ?? 0),
    completionTokens: tile((bucket) => bucket?.completionTokens ?? 0),
    timeToFirstTokenP50Ms: tile((bucket) => bucket?.quantiles?.timeToFirstTokenMs.p50 ?? null),
    timeToFirstTokenP95Ms: tile((bucket) => bucket?.quantiles?.timeToFirstTokenMs.p95 ?? null),
    tokensPerSecondP50: tile((bucket) => bucket?.quantiles?.tokensPerSecond.p50 ?? null),
  }
}

function topRows(buckets: readonly UsageBucket[]): TopRow[] {
  return buckets
    .filter((bucket) => bucket.value !== '')
    .sort((a, b) => b.requests - a.requests || a.label.localeCompare(b.label))
    .slice(0, topMax)
    .map(({ value, label, requests, failed, promptTokens, completionTokens }) => {
      return { id: value, label, requests, failed, promptTokens, completionTokens }
    })
}
