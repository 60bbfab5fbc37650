import { quantileOfHistogram } from '@/lib/core/histogram'
import type { Cellar } from '../cellar'
import type { RollupSpan, UsageGroup, UsageTotals } from '../contract'
import { dayBeginMs, nextDayBeginMs, quarterMs } from '../day-begin'
import {
  mergeRowIntoRollup,
  type Rollup,
  type RollupRow,
  type RollupSet,
  takeRollup,
} from '../rollup'
import { rollupSelection } from '../rollup-store'

/**
 * Totals by group, most requests first. The range is widened to whole minutes (to quarter hours
 * where minutes were pruned) and covered by as few roll-ups as it can be: days in the middle,
 * quarter hours and minutes at its ends.
 */
export async function reportUsage(
  cellar: Cellar,
  filter: { by: UsageGroup; sinceMs: number; untilMs: number },
): Promise<UsageTotals[]> {
  const state = await cellar.prisma.rollupState.findUniqueOrThrow({ where: { id: 1 } })
  const pieces = coverRange({
    sinceMs: filter.sinceMs,
    untilMs: filter.untilMs,
    timezone: state.timezone,
    minutesFromMs: Number(state.minutesFromMs),
    daysUntilMs:
      state.rerollFromMs === null ? Number.POSITIVE_INFINITY : Number(state.rerollFromMs),
  })
  const groups: RollupSet = new Map()
  for (const { span, fromMs, toMs } of pieces) {
    const rows = await cellar.prisma.$queryRawUnsafe<RollupRow[]>(
      rangeQuery(cellar.engine),
      span,
      filter.by,
      fromMs,
      toMs,
    )
    for (const row of rows) mergeRowIntoRollup(takeGroup(groups, filter.by, row), row)
  }
  const labels = await listLabels(cellar, filter.by)
  return [...groups.values()]
    .map((group) => renderTotals(group, labels))
    .sort((a, b) => b.requests - a.requests || a.label.localeCompare(b.label))
}

export type RangePiece = { span: RollupSpan; fromMs: number; toMs: number }

/** Which roll-ups make up a range; pieces follow each other and none overlap. */
export function coverRange(range: {
  sinceMs: number
  untilMs: number
  timezone: string
  /** Before this there are no minutes. */
  minutesFromMs: number
  /** From here on there are no days. */
  daysUntilMs: number
}): RangePiece[] {
  const sinceMs = floorTo(range.sinceMs, range.sinceMs < range.minutesFromMs ? quarterMs : 60_000)
  const untilMs = ceilTo(range.untilMs, range.untilMs < range.minutesFromMs ? quarterMs : 60_000)
  const firstQuarter = Math.min(ceilTo(sinceMs, quarterMs), untilMs)
  const lastQuarter = Math.max(floorTo(untilMs, quarterMs), firstQuarter)
  const firstDay = Math.min(ceilToDay(firstQuarter, range.timezone), lastQuarter)
  const daysEnd = Math.min(lastQuarter, range.daysUntilMs)
  const lastDay = Math.max(dayBeginMs(daysEnd, range.timezone), firstDay)
  const pieces: RangePiece[] = [
    { span: 'minute', fromMs: sinceMs, toMs: firstQuarter },
    { span: 'quarter', fromMs: firstQuarter, toMs: firstDay },
    { span: 'day', fromMs: firstDay, toMs: lastDay },
    { span: 'quarter', fromMs: lastDay, toMs: lastQuarter },
    { span: 'minute', fromMs: lastQuarter, toMs: untilMs },
  ]
  return pieces.filter((piece) => piece.fromMs < piece.toMs)
}

function floorTo(atMs: number, stepMs: number): number {
  return Math.floor(atMs / stepMs) * stepMs
}

function ceilTo(atMs: number, stepMs: number): number {
  return Math.ceil(atMs / stepMs) * stepMs
}

function ceilToDay(atMs: number, timezone: string): number {
  return dayBeginMs(atMs, timezone) === atMs ? atMs : nextDayBeginMs(atMs, timezone)
}

function rangeQuery(engine: Cellar['engine']): string {
  const [span, dimension, from, to] =
    engine === 'sqlite' ? ['?1', '?2', '?3', '?4'] : ['$1', '$2', '$3', '$4']
  return `SELECT ${rollupSelection} FROM usage_rollups AS r
    WHERE r.span = ${span} AND r.dimension = ${dimension}
    AND r.begin_ms >= ${from} AND r.begin_ms < ${to} ORDER BY r.begin_ms`
}

function takeGroup(groups: RollupSet, by: UsageGroup, row: RollupRow): Rollup {
  const group = takeRollup(groups, {
    span: 'day',
    beginMs: 0,
    dimension: by,
    value: row.value,
    label: row.label,
  })
  if (row.label !== '') group.label = row.label
  return group
}

/** What keys, users and backends are called now; what is gone keeps the name it was recorded by. */
async function listLabels({ prisma }: Cellar, by: UsageGroup): Promise<Map<string, string>> {
  switch (by) {
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
    case 'model':
    case 'operation':
    case 'outcome':
      return new Map()
  }
}

function renderTotals(group: Rollup, labels: Map<string, string>): UsageTotals {
  const { sums } = group
  return {
    group: group.value,
    label: labels.get(group.value) ?? (group.label || '(none)'),
    requests: sums.requests,
    failed: sums.failed,
    refused: sums.refused,
    left: sums.left,
    promptTokens: sums.promptTokens,
    completionTokens: sums.completionTokens,
    estimatedRequests: sums.estimated,
    totalMsP50: quantileOfHistogram(group.totalMs, 0.5),
    totalMsP95: quantileOfHistogram(group.totalMs, 0.95),
    timeToFirstTokenMsP50: quantileOfHistogram(group.timeToFirstTokenMs, 0.5),
    timeToFirstTokenMsP95: quantileOfHistogram(group.timeToFirstTokenMs, 0.95),
    tokensPerSecondP50: quantileOfHistogram(group.tokensPerSecond, 0.5),
  }
}
