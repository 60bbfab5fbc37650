import { CorralError } from '@/lib/core/errors'
import type { Key, UsageGroup } from '@/lib/db/contract'
import type { UsageCursor, UsageSearch, UsageSearchField } from '@/lib/db/contract-reads'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import type { Filter, FilterField } from '@/lib/ui/filters'
import { outcomes, outcomeWords } from '@/lib/ui/outcomes'
import type { AdminContext } from './actor'
import { type ErrorGuide, findErrorGuide } from './error-guide'
import { explainSlowness, type Slowness, type UsualFigures } from './explain-slowness'
import { canReadEverything, canReadUser } from './permissions'
import { describeRouteReason } from './route-words'
import { getPlaceOf, placeOfAll, resolveUsageScope, type UsagePlace } from './usage-scope'

/** What the log is filtered by; the rest of a search is ours. */
export type RequestFilter = Omit<UsageSearch, 'cursor' | 'limit' | 'budgetMs' | 'direction'>

export type RequestRow = UsageRecord & {
  /** As the key is called now; null when there is none, or it is gone. */
  keyName: string | null
}
export type RequestPage = {
  rows: RequestRow[]
  /** For the next page; null at the end. */
  cursor: string | null
  /** The search stopped for time: nothing is missing up to here, and it can go on. */
  searchedBackToMs: number | null
  /** About how many there are in all, from roll-ups; null where they do not tell it. */
  estimate: number | null
}

export const requestPageSize = 100
const budgetMs = 200
const neighbourBudgetMs = 100
const usualOfMs = 7 * 86_400_000

/** The filters of the log as the URL names them (`lib/ui/filters` reads and writes them). */
export const requestFilterFields: readonly (FilterField & {
  search: UsageSearchField | RangeField
})[] = [
  { id: 'status', label: 'Status', search: 'status' },
  { id: 'outcome', label: 'Outcome', search: 'outcome', words: outcomeWords },
  { id: 'error', label: 'Error', search: 'errorCode' },
  { id: 'key', label: 'Key', search: 'keyId' },
  { id: 'user', label: 'User', search: 'userId' },
  { id: 'model', label: 'Model', search: 'modelServed' },
  { id: 'asked', label: 'Model asked', search: 'modelAsked' },
  { id: 'server', label: 'Server', search: 'backendId' },
  { id: 'operation', label: 'Operation', search: 'operation' },
  { id: 'dialect', label: 'Dialect', search: 'dialect' },
  { id: 'address', label: 'Address', search: 'clientAddress' },
  { id: 'took', label: 'Time in ms', kind: 'least', search: 'totalMsMin' },
  { id: 'prompt', label: 'Tokens in', kind: 'least', search: 'promptTokensMin' },
  { id: 'answer', label: 'Tokens out', kind: 'least', search: 'completionTokensMin' },
  { id: 'id', label: 'Request id', kind: 'text', search: 'idText' },
]
type RangeField = 'totalMsMin' | 'promptTokensMin' | 'completionTokensMin' | 'idText'

/** What the filters of a URL ask for; what cannot be read is left out. */
export function parseRequestFilter(
  filters: readonly Filter[],
  period: { fromMs: number; toMs: number } | null,
): RequestFilter {
  const filter: RequestFilter = period ? { sinceMs: period.fromMs, untilMs: period.toMs } : {}
  for (const { field, isNot, values } of filters) {
    const search = requestFilterFields.find((one) => one.id === field)?.search
    const [first] = values
    switch (search) {
      case undefined:
        break
      case 'idText':
        if (first !== undefined) filter.idText = first.trim()
        break
      case 'totalMsMin':
      case 'promptTokensMin':
      case 'completionTokensMin':
        if (Number(first) > 0) filter[search] = Number(first)
        break
      default: {
        const side = isNot ? 'isNot' : 'is'
        filter[side] = { ...filter[side], [search]: values }
      }
    }
  }
  return filter
}

/** One page of the log, the newest first, searched for 200 ms at most. A member reads their own. */
export async function listRequests(
  context: AdminContext,
  filter: RequestFilter,
  cursor: string | null = null,
  limit = requestPageSize,
): Promise<RequestPage> {
  const from = cursor === null ? null : parseCursor(cursor)
  const [page, keys, estimate] = await Promise.all([
    context.database.searchUsageRecords({
      ...readable(context, filter),
      ...(from && { cursor: from }),
      limit,
      budgetMs,
    }),
    context.database.listKeys(),
    estimateRequests(context, filter),
  ])
  return {
    rows: nameKeys(page.records, keys),
    cursor: page.cursor && renderCursor(page.cursor),
    searchedBackToMs: page.outOfTime ? (page.cursor?.atMs ?? null) : null,
    estimate: estimate === null ? null : Math.max(estimate, page.records.length),
  }
}

export type RouteSummary = {
  chosen: string | null
  /** `why` in words: `no free slot`. */
  others: { reason: string; why: string; servers: string[] }[]
}
export type RequestDetail = {
  record: RequestRow
  slowness: Slowness
  usual: UsualFigures
  /** What the error means and what to do; null where there is none. */
  error: ErrorGuide | null
  route: RouteSummary | null
  /** In the filtered list; null at its ends, or where none was found in time. */
  newerId: string | null
  olderId: string | null
}

/** Null where there is none, or it is somebody else's: both look the same. */
export async function findRequest(
  context: AdminContext,
  id: string,
  filter: RequestFilter = {},
): Promise<RequestDetail | null> {
  const record = await context.database.findUsageRecord(id)
  if (record === null || !canReadRecord(context, record)) return null
  const at = { cursor: { atMs: record.startedAtMs, id }, limit: 1, budgetMs: neighbourBudgetMs }
  const search = readable(context, filter)
  const [usual, keys, newer, older] = await Promise.all([
    readUsualFigures(context, record.modelServed),
    context.database.listKeys(),
    context.database.searchUsageRecords({ ...search, ...at, direction: 'newer' }),
    context.database.searchUsageRecords({ ...search, ...at }),
  ])
  const [row] = nameKeys([record], keys)
  return {
    record: row ?? { ...record, keyName: null },
    slowness: explainSlowness(record, usual),
    usual,
    error: record.errorCode === null ? null : findErrorGuide(record.errorCode),
    route: record.routeDecision === null ? null : readRouteDecision(record.routeDecision),
    newerId: newer.records[0]?.id ?? null,
    olderId: older.records[0]?.id ?? null,
  }
}

/** Throws `admin.not_found`. */
export async function getRequest(
  context: AdminContext,
  id: string,
  filter?: RequestFilter,
): Promise<RequestDetail> {
  const found = await findRequest(context, id, filter)
  if (found !== null) return found
  throw new CorralError('admin.not_found', { params: { kind: 'request', name: id } })
}

/** What a model usually takes, over the last seven days. */
export async function readUsualFigures(
  { database, clock }: AdminContext,
  model: string | null,
): Promise<UsualFigures> {
  const nowMs = clock.nowMs()
  const [bucket] =
    model === null
      ? []
      : await database.readUsageBuckets({
          dimensions: ['model'],
          values: [model],
          stretches: [{ index: 0, fromMs: nowMs - usualOfMs, untilMs: nowMs }],
          quantiles: true,
        })
  const mean = (sum: number | undefined) =>
    bucket === undefined || sum === undefined || bucket.ok === 0 ? null : sum / bucket.ok
  return {
    totalMsP50: bucket?.quantiles?.totalMs.p50 ?? null,
    timeToFirstTokenMsP50: bucket?.quantiles?.timeToFirstTokenMs.p50 ?? null,
    tokensPerSecondP50: bucket?.quantiles?.tokensPerSecond.p50 ?? null,
    promptTokensMean: mean(bucket?.promptTokens),
    completionTokensMean: mean(bucket?.completionTokens),
    queueMsMean: mean(bucket?.queueMsSum),
  }
}

export type FilterValue = { value: string; label: string; count: number | null }

/**
 * The values of a field in a range of time, the most frequent first, at most 200. Counts are null
 * where another filter is set: no count rather than a wrong one.
 */
export async function listRequestFilterValues(
  context: AdminContext,
  field: string,
  filter: RequestFilter,
): Promise<FilterValue[]> {
  const search = requestFilterFields.find((one) => one.id === field)?.search
  if (search === 'status') return statusValues(context, filter)
  if (search === 'outcome') return outcomeValues(context, filter)
  if (search === 'dialect') return plainValues(['ollama', 'openai', 'anthropic'])
  const group = search === undefined ? undefined : groups[search]
  if (group === undefined) return []
  const scope = await resolveUsageScope(context)
  if (scope.kind !== 'everyone' && (group === 'backend' || group === 'operation')) return []
  const buckets = await context.database.readUsageBuckets({
    ...getPlaceOf(scope, group),
    stretches: [stretchOf(context, filter)],
    sums: ['requests'],
    quantiles: false,
  })
  const isCounted = hasNoOther(filter, search)
  return buckets
    .filter((bucket) => bucket.value !== '' && bucket.value !== 'anonymous')
    .sort((a, b) => b.requests - a.requests || a.label.localeCompare(b.label))
    .slice(0, filterValuesMax)
    .map(({ value, label, requests }) => ({ value, label, count: isCounted ? requests : null }))
}

const filterValuesMax = 200
const groups: { [field: string]: UsageGroup | 'error' | undefined } = {
  errorCode: 'error',
  keyId: 'key',
  userId: 'user',
  modelServed: 'model',
  backendId: 'backend',
  operation: 'operation',
  outcome: 'outcome',
}

async function statusValues(context: AdminContext, filter: RequestFilter): Promise<FilterValue[]> {
  const bucket = await readOutcomes(context, filter)
  const completed = hasNoOther(filter, 'status') ? (bucket?.ok ?? 0) : null
  return [
    { value: '2xx', label: '2xx', count: completed },
    { value: '4xx', label: '4xx', count: null },
    { value: '5xx', label: '5xx', count: null },
    ...plainValues(['429', '499', '502', '503', '504']),
  ]
}

async function outcomeValues(context: AdminContext, filter: RequestFilter): Promise<FilterValue[]> {
  const bucket = await readOutcomes(context, filter)
  const isCounted = hasNoOther(filter, 'outcome')
  return outcomes.map((value) => ({
    value,
    label: outcomeWords[value],
    count: isCounted ? (bucket?.[value] ?? 0) : null,
  }))
}

async function readOutcomes(context: AdminContext, filter: RequestFilter) {
  const all = placeOfAll(await resolveUsageScope(context))
  const stretches = [stretchOf(context, filter)]
  const read = { ...all, together: true, stretches, sums: outcomes, quantiles: false }
  const [bucket] = await context.database.readUsageBuckets(read)
  return bucket
}

function plainValues(values: string[]): FilterValue[] {
  return values.map((value) => ({ value, label: value, count: null }))
}

/** What a search may find: to a member only what is their own. */
export function readable(context: AdminContext, filter: RequestFilter): RequestFilter {
  const { actor } = context
  if (canReadEverything(actor)) return filter
  const own = actor.kind === 'user' ? actor.id : ''
  const asked = filter.is?.userId ?? [own]
  const userId = asked.filter((id) => canReadUser(actor, id))
  return { ...filter, is: { ...filter.is, userId: userId.length > 0 ? userId : [own] } }
}

function canReadRecord({ actor }: AdminContext, { userId }: UsageRecord): boolean {
  return canReadEverything(actor) || (userId !== null && canReadUser(actor, userId))
}

async function estimateRequests(
  context: AdminContext,
  filter: RequestFilter,
): Promise<number | null> {
  const place = await findPlaceOfFilter(context, filter)
  if (place === null) return null
  const stretches = [stretchOf(context, filter)]
  const sums = ['requests'] as const
  const read = { ...place, together: true, stretches, sums, quantiles: false }
  const [bucket] = await context.database.readUsageBuckets(read)
  return bucket?.requests ?? 0
}

/** Roll-ups tell where at most one field that they count by is asked for, by its values. */
export async function findPlaceOfFilter(
  context: AdminContext,
  filter: RequestFilter,
): Promise<UsagePlace | null> {
  const fields = Object.keys(filter.is ?? {})
  const [field] = fields
  if (fields.length > 1 || Object.keys(filter.isNot ?? {}).length > 0) return null
  if (hasNumbers(filter)) return null
  const scope = await resolveUsageScope(context)
  if (field === undefined) return placeOfAll(scope)
  const group = groups[field]
  if (group === undefined || scope.kind !== 'everyone') return null
  return { dimensions: [group], values: filter.is?.[field as UsageSearchField] ?? [] }
}

function stretchOf({ clock }: AdminContext, { sinceMs, untilMs }: RequestFilter) {
  return { index: 0, fromMs: sinceMs ?? 0, untilMs: untilMs ?? clock.nowMs() + 60_000 }
}

function hasNoOther(filter: RequestFilter, field: string | undefined): boolean {
  const named = [...Object.keys(filter.is ?? {}), ...Object.keys(filter.isNot ?? {})]
  return named.every((one) => one === field) && !hasNumbers(filter)
}

function hasNumbers(filter: RequestFilter): boolean {
  return (
    filter.totalMsMin !== undefined ||
    filter.promptTokensMin !== undefined ||
    filter.completionTokensMin !== undefined ||
    (filter.idText ?? '') !== ''
  )
}

export function nameKeys(records: readonly UsageRecord[], keys: readonly Key[]): RequestRow[] {
  const names = new Map(keys.map((key) => [key.id, key.name]))
  return records.map((record) => ({
    ...record,
    keyName: record.keyId === null ? null : (names.get(record.keyId) ?? null),
  }))
}

/** `gpu-1; later_in_order: gpu-2,gpu-3; no_model: cpu +2`, as `lib/routing` writes it. */
function readRouteDecision(text: string): RouteSummary {
  const [chosen = '-', ...reasons] = text.replace(/ \+\d+$/, '').split('; ')
  return {
    chosen: chosen === '-' ? null : chosen,
    others: reasons.map((part) => {
      const colon = part.indexOf(': ')
      const reason = part.slice(0, colon)
      const servers = part.slice(colon + 2).split(',')
      return { reason, why: describeRouteReason(reason), servers }
    }),
  }
}

function renderCursor({ atMs, id }: UsageCursor): string {
  return id === null ? String(atMs) : `${atMs}.${id}`
}

/** A cursor that somebody made up begins at the newest. */
function parseCursor(text: string): UsageCursor | null {
  const match = /^(\d{1,16})(?:\.([\w-]{1,64}))?$/.exec(text)
  return match === null ? null : { atMs: Number(match[1]), id: match[2] ?? null }
}
