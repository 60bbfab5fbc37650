import type { UsageRecord } from '@/lib/schemas/usage-record'
import type { Cellar } from '../cellar'
import {
  type UsageCursor,
  type UsageSearch,
  type UsageSearchField,
  type UsageSearchPage,
  usageSearchFields,
} from '../contract-reads'
import { toSnakeCase } from '../rollup-store'
import { parseUsageLine, places } from '../usage-line'
import { firstStep, nextStep } from './search-step'

const rowsMin = 500
const branchesMax = 50
const stepsMax = 10_000

/**
 * Records in order of time, by a keyset. The rarest thing that is asked for and has an index leads
 * the way; what else is asked for is looked at row by row, so many rows a step that no step lasts
 * long, and steps until the page is full or the time is over.
 */
export async function searchUsageRecords(
  cellar: Cellar,
  search: UsageSearch,
): Promise<UsageSearchPage> {
  const endsAtMs = performance.now() + search.budgetMs
  const plan = await makePlan(cellar, search)
  const records: UsageRecord[] = []
  let from: UsageCursor | null = search.cursor ?? null
  let step = plan.hasRest ? firstStep : Math.max(search.limit, rowsMin)
  for (let steps = 0; steps < stepsMax; steps++) {
    const beganMs = performance.now()
    const boundaryMs = await findBoundary(cellar, plan, { from, step })
    const rows = await readWithin(cellar, plan, {
      from,
      boundaryMs,
      limit: search.limit + 1 - records.length,
    })
    for (const row of rows) records.push(toUsageRecord(row))
    if (records.length > search.limit) {
      const page = records.slice(0, search.limit)
      return { records: page, cursor: cursorOf(page[page.length - 1]), outOfTime: false }
    }
    if (boundaryMs === null) return { records, cursor: null, outOfTime: false }
    from = { atMs: boundaryMs, id: null }
    const nowMs = performance.now()
    if (nowMs >= endsAtMs) return { records, cursor: from, outOfTime: true }
    step = nextStep({ step, tookMs: nowMs - beganMs, leftMs: endsAtMs - nowMs })
  }
  return { records, cursor: from, outOfTime: true }
}

export async function findLastErrors(
  { prisma, engine }: Cellar,
  filter: { codes: string[]; sinceMs: number; untilMs: number; userId?: string },
): Promise<{ code: string; id: string; atMs: number; text: string | null }[]> {
  const { sinceMs, untilMs, userId } = filter
  const mark = engine === 'sqlite' ? '?' : '$'
  const found = []
  for (const one of filter.codes.slice(0, branchesMax)) {
    const rows = await prisma.$queryRawUnsafe<{ line: string }[]>(
      `SELECT line FROM usage_records WHERE error_code = ${mark}1
       AND started_at_ms >= ${mark}2 AND started_at_ms < ${mark}3
       ${userId === undefined ? '' : `AND ${plain(engine, 'user_id')} = ${mark}4`}
       ORDER BY started_at_ms DESC LIMIT 1`,
      ...[one, sinceMs, untilMs, ...(userId === undefined ? [] : [userId])],
    )
    for (const row of rows) {
      const { id, startedAtMs, errorText } = toUsageRecord(row)
      found.push({ code: one, id, atMs: startedAtMs, text: errorText })
    }
  }
  return found
}

/** The column whose index leads, with the values to follow; without one, time alone does. */
type Lead = { column: string; values: (string | number)[] }
type Plan = {
  search: UsageSearch
  /** Descending in time unless `newer`. */
  newer: boolean
  lead: Lead | null
  /** Conditions on the columns that do not lead. */
  rest: string[]
  hasRest: boolean
  parameters: unknown[]
}

// The rarest first: errors are few, a model or a server may be half of everything.
const leading = [
  'errorCode',
  'status',
  'outcome',
  'keyId',
  'userId',
  'modelServed',
  'backendId',
] as const

/** Null where the field is not asked for, or by values that its index does not hold. */
async function findLead(
  cellar: Cellar,
  field: (typeof leading)[number],
  wanted: string[],
): Promise<Lead | null> {
  switch (field) {
    case 'status': {
      const values = await troubleStatuses(cellar, wanted)
      return values && { column: 'status', values }
    }
    case 'outcome': {
      const values = await troubleStatuses(cellar, wanted.flatMap(statusesOfOutcome))
      return values && { column: 'status', values }
    }
    case 'userId': {
      // Without an index of its own: every record of a user is of one of their keys.
      const keys = await cellar.prisma.key.findMany({
        where: { ownerId: { in: wanted } },
        select: { id: true },
      })
      return { column: 'key_id', values: keys.map((key) => key.id) }
    }
    default:
      return { column: toSnakeCase(field), values: wanted }
  }
}

async function makePlan(cellar: Cellar, search: UsageSearch): Promise<Plan> {
  const parameters: unknown[] = []
  const plan: Plan = {
    search,
    newer: search.direction === 'newer',
    lead: null,
    rest: [],
    hasRest: false,
    parameters,
  }
  for (const field of leading) {
    const wanted = search.is?.[field]
    if (plan.lead !== null || wanted === undefined || wanted.length === 0) continue
    const lead = await findLead(cellar, field, wanted)
    if (lead !== null && lead.values.length <= branchesMax) plan.lead = lead
  }
  const add = (value: unknown) => {
    parameters.push(value)
    return cellar.engine === 'sqlite' ? `?${parameters.length}` : `$${parameters.length}`
  }
  for (const field of usageSearchFields) {
    const column = field === 'outcome' ? outcome : plain(cellar.engine, toSnakeCase(field))
    const isLead = plan.lead?.column === toSnakeCase(field)
    const wanted = search.is?.[field]
    if (wanted !== undefined && !isLead) plan.rest.push(anyOf(field, column, wanted, add))
    const unwanted = search.isNot?.[field]
    if (unwanted !== undefined && unwanted.length > 0) {
      plan.rest.push(`(${column} IS NULL OR NOT ${anyOf(field, column, unwanted, add)})`)
    }
  }
  if (search.totalMsMin !== undefined) {
    plan.rest.push(`total_ms >= ${add(search.totalMsMin)}`)
  }
  if (search.promptTokensMin !== undefined) {
    plan.rest.push(`${lineNumber(cellar.engine, 'promptTokens')} >= ${int(search.promptTokensMin)}`)
  }
  if (search.completionTokensMin !== undefined) {
    const tokens = lineNumber(cellar.engine, 'completionTokens')
    plan.rest.push(`${tokens} >= ${int(search.completionTokensMin)}`)
  }
  if (search.idText !== undefined && search.idText !== '') {
    const pattern = `%${search.idText.replace(/[\\%_]/g, '\\$&')}%`
    const like = cellar.engine === 'sqlite' ? 'LIKE' : 'ILIKE'
    plan.rest.push(`${plain(cellar.engine, 'id')} ${like} ${add(pattern)} ESCAPE '\\'`)
  }
  plan.hasRest = plan.rest.length > 0
  return plan
}

/** `usageOutcome` in the words of a query. */
const outcome = `(CASE WHEN status = 499 OR error_code = 'gateway.stopped' THEN 'left'
  WHEN error_code IS NOT NULL AND status < 400 THEN 'failed'
  WHEN status >= 500 THEN 'failed' WHEN status >= 400 THEN 'refused' ELSE 'ok' END)`

/** Among them are all of an outcome: whatever an error was sent as, its record has 400 or above. */
function statusesOfOutcome(outcome: string): string[] {
  switch (outcome) {
    case 'failed':
      return ['5xx']
    case 'refused':
      return ['4xx']
    case 'left':
      // A person stops with 503.
      return ['499', '503']
    case 'ok':
      return ['2xx']
    default:
      return []
  }
}

/** The statuses of 400 and above that are asked for, one by one; null where others are, too. */
async function troubleStatuses(cellar: Cellar, wanted: string[]): Promise<number[] | null> {
  const found = new Set<number>()
  for (const one of wanted) {
    const range = statusRange(one)
    if (range === null) continue
    if (range.from < 400) return null
    if (range.from === range.to) found.add(range.from)
    else for (const status of await listStatuses(cellar, range)) found.add(status)
  }
  return [...found]
}

/** Which of them there are: from one to the next through the index. */
async function listStatuses(
  { prisma }: Cellar,
  { from, to }: { from: number; to: number },
): Promise<number[]> {
  const rows = await prisma.$queryRawUnsafe<{ status: number | bigint }[]>(
    `WITH RECURSIVE found(status) AS (
       SELECT min(status) FROM usage_records WHERE status >= 400 AND status >= ${int(from)}
       UNION ALL SELECT (SELECT min(r.status) FROM usage_records AS r
         WHERE r.status >= 400 AND r.status > found.status)
       FROM found WHERE found.status < ${int(to)})
     SELECT status FROM found WHERE status <= ${int(to)}`,
  )
  return rows.map((row) => Number(row.status))
}

function statusRange(text: string): { from: number; to: number } | null {
  const inClass = /^([1-5])xx$/.exec(text)
  if (inClass) return { from: Number(inClass[1]) * 100, to: Number(inClass[1]) * 100 + 99 }
  return /^[1-9]\d{2}$/.test(text) ? { from: Number(text), to: Number(text) } : null
}

function anyOf(
  field: UsageSearchField,
  column: string,
  values: string[],
  add: (value: unknown) => string,
): string {
  if (field !== 'status') {
    return values.length === 0 ? 'false' : `${column} IN (${values.map(add).join(', ')})`
  }
  const ranges = values.map(statusRange).filter((range) => range !== null)
  const parts = ranges.map(({ from, to }) => `${column} BETWEEN ${int(from)} AND ${int(to)}`)
  return parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`
}

type Place = { from: UsageCursor | null }

/** The instant behind which `step` rows of a leading value lie; null when fewer are left. */
async function findBoundary(
  cellar: Cellar,
  plan: Plan,
  { from, step }: Place & { step: number },
): Promise<number | null> {
  const { newer, lead } = plan
  const order = newer ? 'ASC' : 'DESC'
  const values: unknown[] = lead?.values ?? [null]
  if (values.length === 0) return null
  const branches = values.map((_, index) => {
    const name = cellar.engine === 'sqlite' ? `?${index + 1}` : `$${index + 1}`
    const conditions = [
      ...(lead ? [`${lead.column} = ${name}`, ...heldBy(lead)] : []),
      ...timeConditions(plan.search, { newer, from }),
    ]
    return `SELECT * FROM (SELECT started_at_ms AS at FROM usage_records
      WHERE ${conditions.join(' AND ') || 'true'}
      ORDER BY started_at_ms ${order} LIMIT 1 OFFSET ${int(step)}) AS branch${index}`
  })
  const [row] = await cellar.prisma.$queryRawUnsafe<{ at: bigint | number | null }[]>(
    `SELECT ${newer ? 'min' : 'max'}(at) AS at FROM (${branches.join(' UNION ALL ')}) AS branches`,
    ...(lead?.values ?? []),
  )
  const at = row?.at ?? null
  return at === null ? null : Number(at)
}

function readWithin(
  { prisma, engine }: Cellar,
  plan: Plan,
  { from, boundaryMs, limit }: Place & { boundaryMs: number | null; limit: number },
): Promise<{ line: string }[]> {
  const { newer, lead, parameters } = plan
  if (lead?.values.length === 0) return Promise.resolve([])
  const leadNames = (lead?.values ?? []).map((_, index) => {
    const place = parameters.length + index + 1
    return engine === 'sqlite' ? `?${place}` : `$${place}`
  })
  const conditions = [
    ...(lead ? [`${lead.column} IN (${leadNames.join(', ')})`, ...heldBy(lead)] : []),
    ...timeConditions(plan.search, { newer, from, boundaryMs }),
    ...plan.rest,
  ]
  const order = newer ? 'ASC' : 'DESC'
  return prisma.$queryRawUnsafe<{ line: string }[]>(
    `SELECT line FROM usage_records WHERE ${conditions.join(' AND ') || 'true'}
     ORDER BY started_at_ms ${order}, id ${order} LIMIT ${int(limit)}`,
    ...parameters,
    ...(lead?.values ?? []),
  )
}

/** What an index of a part of the rows must be told before it is used. */
function heldBy(lead: Lead): string[] {
  return lead.column === 'status' ? ['status >= 400'] : []
}

/** One bound a side: of two, SQLite takes the first for its index and looks at all behind it. */
function timeConditions(
  search: UsageSearch,
  { newer, from, boundaryMs = null }: { newer: boolean; boundaryMs?: number | null } & Place,
): string[] {
  const begins = search.sinceMs === undefined ? [] : [search.sinceMs]
  const ends = search.untilMs === undefined ? [] : [search.untilMs]
  const isPassed = from?.id === null
  if (from !== null && newer) begins.push(isPassed ? from.atMs + 1 : from.atMs)
  if (from !== null && !newer) ends.push(isPassed ? from.atMs : from.atMs + 1)
  if (boundaryMs !== null && newer) ends.push(boundaryMs + 1)
  if (boundaryMs !== null && !newer) begins.push(boundaryMs)
  const conditions: string[] = []
  if (begins.length > 0) conditions.push(`started_at_ms >= ${int(Math.max(...begins))}`)
  if (ends.length > 0) conditions.push(`started_at_ms < ${int(Math.min(...ends))}`)
  if (from === null || from.id === null) return conditions
  const beyond = newer ? '>' : '<'
  const id = quoteId(from.id)
  return [...conditions, `(started_at_ms ${beyond} ${int(from.atMs)} OR id ${beyond} ${id})`]
}

/** Ids are letters, digits and `_`; what else a pasted address holds is no id. */
function quoteId(id: string): string {
  return `'${id.replace(/[^\w.:-]/g, '')}'`
}

function int(value: number): string {
  return String(Math.trunc(Number(value)) || 0)
}

/** A column that must not choose the index: SQLite would take the first that is named. */
function plain(engine: Cellar['engine'], column: string): string {
  return engine === 'sqlite' ? `+${column}` : column
}

function lineNumber(engine: Cellar['engine'], name: keyof UsageRecord): string {
  const place = places[name]
  return engine === 'sqlite'
    ? `json_extract(line, '$[${place}]')`
    : `(line::json->>${place})::bigint`
}

function cursorOf(record: UsageRecord | undefined): UsageCursor | null {
  return record === undefined ? null : { atMs: record.startedAtMs, id: record.id }
}

/** Only lines that were understood are stored. */
function toUsageRecord({ line }: { line: string }): UsageRecord {
  const record = parseUsageLine(line)
  if (record === null) throw new Error('a stored usage record cannot be read')
  return record
}
