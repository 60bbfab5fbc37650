import { type Bucket, bucketMs } from '@/lib/ui/buckets'
import type { Period } from '@/lib/ui/range'
import type { AdminContext } from './actor'
import { canReadEverything } from './permissions'
import {
  findPlaceOfFilter,
  listRequests,
  type RequestFilter,
  type RequestPage,
  type RequestRow,
  readable,
} from './requests'
import { byIndex, outcomeSeries, type Series } from './series'
import { cutPeriod } from './usage-periods'
import { placeOfAll, resolveUsageScope } from './usage-scope'

/** What a row of the log shows; the rest of a record is for its own page. */
export type ListedRequest = Pick<RequestRow, (typeof listedFields)[number]>
export type ListedPage = Omit<RequestPage, 'rows'> & { rows: ListedRequest[] }

export type RequestLog = {
  page: ListedPage
  histogram: RequestHistogram
  /** How the ids among the filters are called now, by field and id. */
  names: { [field in 'key' | 'user' | 'server']?: { [id: string]: string } }
  /** False where the reader has no requests at all, of any time. */
  hasAny: boolean
}

export type RequestHistogram = {
  bucket: Bucket
  bucketMs: number
  startsMs: number[]
  /** The begin of the bucket that is still filling; null when none is. */
  openFromMs: number | null
  /** By outcome, failed first. */
  series: Series[]
  /** `all`: of everything in the range, where roll-ups do not tell what the filters ask for. */
  of: 'filtered' | 'all'
}

const listedFields = [
  ...(['id', 'startedAtMs', 'status', 'errorCode', 'modelAsked', 'modelServed'] as const),
  ...(['keyId', 'keyName', 'keyPrefix', 'userId', 'principal'] as const),
  ...(['backendId', 'backendName', 'operation', 'dialect', 'method', 'path'] as const),
  ...(['totalMs', 'timeToFirstTokenMs', 'tokensPerSecond', 'overheadMs', 'attempts'] as const),
  ...(['queueMs', 'loadMs', 'prefillMs', 'decodeMs'] as const),
  ...(['promptTokens', 'completionTokens', 'tokensEstimated'] as const),
  ...(['clientAddress', 'userAgent'] as const),
]

/** One load of the page of requests: the newest rows, the strip above them, names of its filters. */
export async function readRequestLog(
  context: AdminContext,
  { filter, period, timezone }: { filter: RequestFilter; period: Period; timezone: string },
): Promise<RequestLog> {
  const [page, histogram, names] = await Promise.all([
    listRequestPage(context, filter),
    readHistogram(context, { filter, period, timezone }),
    nameFilterValues(context, filter),
  ])
  return { page, histogram, names, hasAny: page.rows.length > 0 || (await hasRequests(context)) }
}

/** `listRequests` with what a row shows. */
export async function listRequestPage(
  context: AdminContext,
  filter: RequestFilter,
  cursor: string | null = null,
): Promise<ListedPage> {
  const { rows, ...page } = await listRequests(context, filter, cursor)
  return { ...page, rows: rows.map(pickListed) }
}

async function readHistogram(
  context: AdminContext,
  { filter, period, timezone }: { filter: RequestFilter; period: Period; timezone: string },
): Promise<RequestHistogram> {
  const { database, clock } = context
  const cut = cutPeriod(period, { timezone, nowMs: clock.nowMs() })
  const told = await findPlaceOfFilter(context, filter)
  const place = told ?? placeOfAll(await resolveUsageScope(context))
  const buckets = await database.readUsageBuckets({
    ...place,
    together: true,
    stretches: cut.stretches,
    sums: ['ok', 'refused', 'failed', 'left'],
    quantiles: false,
  })
  return {
    bucket: cut.bucket,
    bucketMs: bucketMs[cut.bucket],
    startsMs: cut.startsMs,
    openFromMs: cut.openFromMs,
    series: outcomeSeries(byIndex(buckets, cut.startsMs.length)),
    of: told === null ? 'all' : 'filtered',
  }
}

async function nameFilterValues(
  { database, actor }: AdminContext,
  filter: RequestFilter,
): Promise<RequestLog['names']> {
  const asked = (field: 'keyId' | 'userId' | 'backendId') =>
    new Set([...(filter.is?.[field] ?? []), ...(filter.isNot?.[field] ?? [])])
  const [keyIds, userIds, backendIds] = [asked('keyId'), asked('userId'), asked('backendId')]
  const mayReadAll = canReadEverything(actor)
  const isOwn = (ownerId: string) => actor.kind === 'user' && actor.id === ownerId
  const [keys, users, backends] = await Promise.all([
    keyIds.size > 0 ? database.listKeys() : [],
    userIds.size > 0 && mayReadAll ? database.listUsers() : [],
    backendIds.size > 0 && mayReadAll ? database.listBackends() : [],
  ])
  return {
    ...(keyIds.size > 0 && {
      key: namesOf(keys, keyIds, ({ ownerId }) => mayReadAll || isOwn(ownerId)),
    }),
    ...(userIds.size > 0 && { user: namesOf(users, userIds) }),
    ...(backendIds.size > 0 && { server: namesOf(backends, backendIds) }),
  }
}

function namesOf<Thing extends { id: string; name: string }>(
  things: readonly Thing[],
  ids: ReadonlySet<string>,
  mayRead: (thing: Thing) => boolean = () => true,
): { [id: string]: string } {
  const asked = things.filter((thing) => ids.has(thing.id) && mayRead(thing))
  return Object.fromEntries(asked.map(({ id, name }) => [id, name]))
}

async function hasRequests(context: AdminContext): Promise<boolean> {
  const search = { ...readable(context, {}), limit: 1, budgetMs: 100 }
  const { records, outOfTime } = await context.database.searchUsageRecords(search)
  return records.length > 0 || outOfTime
}

/** The cast holds because exactly the listed fields are taken. */
function pickListed(row: RequestRow): ListedRequest {
  return Object.fromEntries(listedFields.map((name) => [name, row[name]])) as ListedRequest
}
