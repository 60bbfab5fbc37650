import { Tile, TileGrid } from '@/components/tile/tile'
import type { UsageRow, UsageSeries } from '@/lib/admin/usage-figures'
import { formatChange } from '@/lib/ui/change'
import { formatCount, formatDuration, formatExact, formatShare, formatSpeed } from '@/lib/ui/format'

/** What was done in a range, and against the one before where that is known; each leads to `href`. */
export function UsageTiles({
  total,
  series,
  href,
}: {
  total: UsageRow & { before: UsageRow | null }
  series: UsageSeries
  href: string
}) {
  const { before } = total
  const { measures, outcomes, latency } = series
  const pointsOf = (id: string) => outcomes.find((one) => one.id === id)?.points ?? []
  const tokens = (row: { promptTokens: number; completionTokens: number }) =>
    row.promptTokens + row.completionTokens
  return (
    <TileGrid>
      <Tile
        label="Requests"
        value={formatCount(total.requests)}
        title={`${formatExact(total.requests)} requests`}
        change={before && formatChange(total.requests, before.requests)}
        values={measures.requests}
        href={href}
      />
      <Tile
        label="Error rate"
        value={formatShare(total.failed, total.requests)}
        title={`${formatExact(total.failed)} of ${formatExact(total.requests)} requests failed`}
        change={before && formatChange(shareOf(total), shareOf(before), 'points')}
        riseIs="bad"
        values={measures.failed}
        href={`${href}&outcome=failed`}
      />
      <Tile
        label="Refused"
        value={formatCount(total.refused)}
        title={`${formatExact(total.refused)} requests were refused`}
        change={before && formatChange(total.refused, before.refused)}
        riseIs="bad"
        values={pointsOf('refused')}
        href={`${href}&outcome=refused`}
      />
      <Tile
        label="Tokens in, out"
        value={formatCount(total.promptTokens)}
        second={formatCount(total.completionTokens)}
        title={tokenWords(total)}
        change={before && formatChange(tokens(total), tokens(before))}
        values={measures.tokens}
        href={href}
      />
      <Tile
        label="First token p50, p95"
        value={formatDuration(total.timeToFirstTokenMsP50)}
        second={formatDuration(total.timeToFirstTokenMsP95)}
        change={before && formatChange(total.timeToFirstTokenMsP50, before.timeToFirstTokenMsP50)}
        riseIs="bad"
        values={latency.timeToFirstTokenMs.p50}
        href={href}
      />
      <Tile
        label="Speed p50"
        value={formatSpeed(total.tokensPerSecondP50)}
        change={before && formatChange(total.tokensPerSecondP50, before.tokensPerSecondP50)}
        riseIs="good"
        href={href}
      />
    </TileGrid>
  )
}

/** What the sum of tokens is made of; estimates are said. */
export function tokenWords(row: {
  promptTokens: number
  completionTokens: number
  estimatedRequests: number
}): string {
  const words = `${formatExact(row.promptTokens)} tokens in, ${formatExact(row.completionTokens)} out`
  if (row.estimatedRequests === 0) return words
  return `${words}; those of ${formatExact(row.estimatedRequests)} requests are estimates`
}

function shareOf({ failed, requests }: { failed: number; requests: number }): number | null {
  return requests === 0 ? null : failed / requests
}
