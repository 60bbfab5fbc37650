import { Tile, TileGrid } from '@/components/tile/tile'
import type { Tile as Figure } from '@/lib/admin/overview'
import { formatChange } from '@/lib/ui/change'
import { formatCount, formatDuration, formatPercent, formatSpeed } from '@/lib/ui/format'
import { type Range, renderRange } from '@/lib/ui/range'
import { requestsHref, usageHref } from '@/lib/ui/request-links'
import type { OverviewFigures } from '../../data/overview/read-overview'

/** Six figures, each against the period before; to a member tokens count twice, users not at all. */
export function OverviewTiles({ figures, range }: { figures: OverviewFigures; range: Range }) {
  const { requests, errorRate, promptTokens, completionTokens, activeUsers, ...speed } =
    figures.tiles
  const { timeToFirstTokenP50Ms: p50, timeToFirstTokenP95Ms: p95, tokensPerSecondP50 } = speed
  const text = renderRange(range)
  const slow = p95.value === null ? null : String(Math.round(p95.value))
  return (
    <TileGrid>
      <Tile
        label="Requests"
        value={formatCount(requests.value)}
        change={formatChange(requests.value, requests.before)}
        values={requests.points}
        href={requestsHref(text)}
      />
      <Tile
        label="Error rate"
        value={formatPercent(errorRate.value)}
        title="The share that failed. A refusal and a client that left are no failures."
        change={formatChange(errorRate.value, errorRate.before, 'points')}
        riseIs="bad"
        values={errorRate.points}
        href={requestsHref(text, { field: 'outcome', value: 'failed' })}
      />
      {activeUsers === null ? (
        <>
          <TokensTile label="Tokens in" figure={promptTokens} range={text} />
          <TokensTile label="Tokens out" figure={completionTokens} range={text} />
        </>
      ) : (
        <BothTokensTile given={promptTokens} made={completionTokens} range={text} />
      )}
      <Tile
        label="First token, p50 p95"
        value={formatDuration(p50.value)}
        second={p95.value === null ? undefined : formatDuration(p95.value)}
        title={`p50 ${formatDuration(p50.value)}, p95 ${formatDuration(p95.value)}`}
        change={formatChange(p50.value, p50.before)}
        riseIs="bad"
        values={p50.points}
        href={requestsHref(text, slow === null ? null : { field: 'took', value: slow })}
      />
      <Tile
        label="Speed, p50"
        value={formatSpeed(tokensPerSecondP50.value)}
        change={formatChange(tokensPerSecondP50.value, tokensPerSecondP50.before)}
        riseIs="good"
        values={tokensPerSecondP50.points}
        href={usageHref(text)}
      />
      {activeUsers && (
        <Tile
          label="Active users"
          value={formatCount(activeUsers.value)}
          change={formatChange(activeUsers.value, activeUsers.before, 'count')}
          values={activeUsers.points}
          href="/console/users"
        />
      )}
    </TileGrid>
  )
}

function TokensTile({ label, figure, range }: { label: string; figure: Figure; range: string }) {
  return (
    <Tile
      label={label}
      value={formatCount(figure.value)}
      change={formatChange(figure.value, figure.before)}
      values={figure.points}
      href={usageHref(range)}
    />
  )
}

function BothTokensTile({ given, made, range }: { given: Figure; made: Figure; range: string }) {
  return (
    <Tile
      label="Tokens in, out"
      value={formatCount(given.value)}
      second={formatCount(made.value)}
      title={`in ${formatCount(given.value)}, out ${formatCount(made.value)}`}
      change={formatChange(sumOf(given.value, made.value), sumOf(given.before, made.before))}
      values={given.points.map((value, index) => sumOf(value, made.points[index] ?? null))}
      href={usageHref(range)}
    />
  )
}

function sumOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other
}
