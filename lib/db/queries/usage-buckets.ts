import { mergeTextIntoHistogram, quantileOfHistogram } from '@/lib/core/histogram'
import type { Cellar } from '../cellar'
import type {
  Quantiles,
  UsageBucket,
  UsageDimension,
  UsageStretch,
  UsageSum,
} from '../contract-reads'
import { quarterMs } from '../day-begin'
import { noSums, sumNames } from '../rollup'
import { toSnakeCase } from '../rollup-store'
import { coverRange } from './cover-range'

/** One statement for any number of buckets: each is covered as `reportUsage` covers its range. */
export async function readUsageBuckets(
  cellar: Cellar,
  filter: {
    dimensions: UsageDimension[]
    values?: string[]
    together?: boolean
    stretches: UsageStretch[]
    sums?: readonly UsageSum[]
    quantiles: boolean
  },
): Promise<UsageBucket[]> {
  // In their own order, and none that is not one: they become a part of the statement.
  const sums = sumNames.filter((name) => filter.sums?.includes(name) ?? true)
  const pieces = await coverStretches(cellar, filter.stretches)
  if (pieces.length === 0 || filter.dimensions.length === 0) return []
  const [answer] = await cellar.prisma.$queryRawUnsafe<{ rows: string | null }[]>(
    bucketQuery(cellar.engine, { ...filter, sums }),
    JSON.stringify(pieces),
    JSON.stringify(filter.dimensions),
    ...(filter.values ? [JSON.stringify(filter.values)] : []),
  )
  const [dimension] = filter.dimensions
  const labels = dimension === undefined ? new Map() : await listLabels(cellar, dimension)
  return readRows(answer?.rows ?? null).map((row) => renderBucket(row, { sums, labels }))
}

export async function countUsageValues(
  cellar: Cellar,
  filter: { dimension: UsageDimension; stretches: UsageStretch[] },
): Promise<{ index: number; values: number }[]> {
  const pieces = await coverStretches(cellar, filter.stretches)
  if (pieces.length === 0) return []
  const rows = await cellar.prisma.$queryRawUnsafe<{ index: number; values: number | bigint }[]>(
    `SELECT p.at AS "index", count(DISTINCT r.value) AS "values" ${joined(cellar.engine)}
     WHERE r.value <> '' AND r.value <> 'anonymous' GROUP BY p.at`,
    JSON.stringify(pieces),
    JSON.stringify([filter.dimension]),
  )
  return rows.map((row) => ({ index: Number(row.index), values: Number(row.values) }))
}

/** Index, span, from, to. */
type Piece = [number, string, number, number]

async function coverStretches(
  { prisma }: Cellar,
  stretches: readonly UsageStretch[],
): Promise<Piece[]> {
  const state = await prisma.rollupState.findUniqueOrThrow({ where: { id: 1 } })
  const minutesFromMs = Number(state.minutesFromMs)
  const daysUntilMs =
    state.rerollFromMs === null ? Number.POSITIVE_INFINITY : Number(state.rerollFromMs)
  const begins = new Set(stretches.map((stretch) => stretch.fromMs))
  return stretches.flatMap(({ index, fromMs, untilMs }) => {
    // What follows begins there: a part of a minute must not count on both sides.
    const step = untilMs < minutesFromMs ? quarterMs : 60_000
    const endMs = begins.has(untilMs) ? Math.floor(untilMs / step) * step : untilMs
    const range = { sinceMs: fromMs, untilMs: endMs, timezone: state.timezone }
    return coverRange({ ...range, minutesFromMs, daysUntilMs }).map(
      (piece): Piece => [index, piece.span, piece.fromMs, piece.toMs],
    )
  })
}

const histogramColumns = ['totalMs', 'timeToFirstTokenMs', 'tokensPerSecond'] as const
/** Index, value, label, the sums in their order, and the texts of the histograms if asked for. */
type Row = [number, string, string, ...(number | string | null)[]]
const firstCell = 3

/** One text for all rows: taken apart here it costs a fifth of what each cell of a row would. */
function bucketQuery(
  engine: Cellar['engine'],
  filter: {
    values?: string[]
    together?: boolean
    sums: readonly UsageSum[]
    quantiles: boolean
  },
): string {
  const isSqlite = engine === 'sqlite'
  const sums = filter.sums.map((name) => `sum(r."${toSnakeCase(name)}") AS "${name}"`)
  // Histograms side by side in one text are the histogram of all of them.
  const concat = isSqlite ? 'group_concat' : 'string_agg'
  const texts = histogramColumns.map(
    (name) => `${concat}(r."${toSnakeCase(name)}", ' ') AS "text ${name}"`,
  )
  const chosen = isSqlite ? 'json_each(?3)' : 'json_array_elements_text($3::json)'
  const where = filter.values ? `WHERE r.value IN (SELECT value FROM ${chosen})` : ''
  const [value, group] = filter.together ? ["''", 'p.at'] : ['r.value', 'p.at, r.value']
  const columns = [
    ...['"index"', 'value', 'label', ...filter.sums.map((name) => `"${name}"`)],
    ...(filter.quantiles ? histogramColumns.map((name) => `"text ${name}"`) : []),
  ]
  const [all, one] = isSqlite
    ? ['json_group_array', 'json_array']
    : ['json_agg', 'json_build_array']
  const rows = `${all}(${one}(${columns.join(', ')}))`
  return `SELECT ${isSqlite ? rows : `${rows}::text`} AS rows FROM (
    SELECT p.at AS "index", ${value} AS value, max(r.label) AS label,
    ${[...sums, ...(filter.quantiles ? texts : [])].join(', ')}
    ${joined(engine)} ${where} GROUP BY ${group}) AS buckets`
}

/** The query above gives exactly such rows. */
function readRows(text: string | null): Row[] {
  return text === null ? [] : (JSON.parse(text) as Row[])
}

/** Dimension by dimension, piece by piece: each is one range of the primary key. */
function joined(engine: Cellar['engine']): string {
  const within = `r.span = p.span AND r.dimension = d.value
    AND r.begin_ms >= p.from_ms AND r.begin_ms < p.to_ms`
  if (engine === 'sqlite') {
    return `FROM json_each(?2) AS d CROSS JOIN (SELECT
      json_extract(value, '$[0]') AS at, json_extract(value, '$[1]') AS span,
      json_extract(value, '$[2]') AS from_ms, json_extract(value, '$[3]') AS to_ms
      FROM json_each(?1) LIMIT -1) AS p CROSS JOIN usage_rollups AS r ON ${within}`
  }
  // OFFSET 0 keeps PostgreSQL from joining all of the table in another order.
  return `FROM json_array_elements_text($2::json) AS d(value) CROSS JOIN (SELECT
    (piece->>0)::int AS at, piece->>1 AS span,
    (piece->>2)::bigint AS from_ms, (piece->>3)::bigint AS to_ms
    FROM json_array_elements($1::json) AS pieces(piece)) AS p
    CROSS JOIN LATERAL (SELECT * FROM usage_rollups AS r WHERE ${within} OFFSET 0) AS r`
}

function renderBucket(
  row: Row,
  { sums, labels }: { sums: readonly UsageSum[]; labels: Map<string, string> },
): UsageBucket {
  const [index, value, label] = row
  const bucket: UsageBucket = {
    ...noSums(),
    index,
    value,
    label: labels.get(value) ?? (label || '(none)'),
    quantiles: null,
  }
  let place = firstCell
  for (const name of sums) bucket[name] = Number(row[place++])
  const [totalMs, timeToFirstTokenMs, tokensPerSecond] = row.slice(place).map(quantilesOf)
  if (totalMs && timeToFirstTokenMs && tokensPerSecond) {
    bucket.quantiles = { totalMs, timeToFirstTokenMs, tokensPerSecond }
  }
  return bucket
}

function quantilesOf(text: number | string | null): Quantiles {
  const histogram = new Map<number, number>()
  mergeTextIntoHistogram(histogram, String(text ?? ''))
  const at = (quantile: number) => quantileOfHistogram(histogram, quantile)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** What keys, users and backends are called now; what is gone keeps the name it was recorded by. */
async function listLabels(
  { prisma }: Cellar,
  dimension: UsageDimension,
): Promise<Map<string, string>> {
  switch (dimension) {
    case 'key': {
      const keys = await prisma.key.findMany({ select: { id: true, name: true, prefix: true } })
      return new Map(keys.map((key) => [key.id, `${key.name} (${key.prefix})`]))
    }
    case 'user': {
      const users = await prisma.user.findMany({ select: { id: true, name: true } })
      return new Map(users.map((user) => [user.id, user.name]))
    }
    case 'backend': {
      const backends = await prisma.backend.findMany({ select: { id: true, name: true } })
      return new Map(backends.map((backend) => [backend.id, backend.name]))
    }
    default:
      return new Map()
  }
}
