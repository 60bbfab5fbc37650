'use client'

import { BarList } from '@/components/charts/bar-list'
import { ChartCard } from '@/components/charts/chart-card'
import { useRange } from '@/components/range-picker/range-picker'
import { useZone } from '@/components/shell/zone'
import { Tile, TileGrid } from '@/components/tile/tile'
import { Card } from '@/components/ui/card'
import type { KeyUsage } from '@/lib/admin/key-page'
import { type Bucket, bucketMs } from '@/lib/ui/buckets'
import { formatChange } from '@/lib/ui/change'
import { formatCount, formatDuration, formatPercent, formatSpeed } from '@/lib/ui/format'
import { describeRange, renderRange } from '@/lib/ui/range'

const colors: Record<string, string> = {
  failed: 'var(--destructive)',
  refused: 'var(--warning)',
  left: 'var(--chart-7)',
  ok: 'var(--chart-8)',
}

/** What a key did in the range; each figure leads to its requests. */
export function KeyFigures({
  usage,
  keyId,
  isBusy,
}: {
  usage: KeyUsage
  keyId: string
  isBusy: boolean
}) {
  const zone = useZone()
  const [range, setRange] = useRange()
  const { total, series, models } = usage
  const { before } = total
  const href = `/console/requests?key=${keyId}&range=${renderRange(range)}`
  const refused = total.refused
  const isKnown = total.requests > 0
  const bucket: Bucket = series.bucket === 'hour-of-day' ? 'hour' : series.bucket
  const pointsOf = (id: string) => series.outcomes.find((one) => one.id === id)?.points ?? []
  const requests = (series.bucketStartsMs ?? []).map((_, index) =>
    series.outcomes.reduce((sum, one) => sum + (one.points[index] ?? 0), 0),
  )
  return (
    <>
      <TileGrid>
        <Tile
          label="Requests"
          value={formatCount(total.requests)}
          change={formatChange(total.requests, before?.requests ?? null, 'percent')}
          values={requests}
          href={href}
        />
        <Tile
          label="Error rate"
          value={isKnown ? formatPercent(total.failed / total.requests) : formatPercent(null)}
          change={formatChange(shareOf(total), before && shareOf(before), 'points')}
          riseIs="bad"
          values={pointsOf('failed')}
          href={`${href}&status=5xx`}
        />
        <Tile
          label="Refused"
          value={formatCount(refused)}
          change={formatChange(refused, before?.refused ?? null, 'count')}
          riseIs="bad"
          values={pointsOf('refused')}
          href={`${href}&status=4xx`}
        />
        <Tile
          label="Tokens in / out"
          value={formatCount(total.promptTokens)}
          second={formatCount(total.completionTokens)}
          change={formatChange(
            total.promptTokens + total.completionTokens,
            before ? before.promptTokens + before.completionTokens : null,
            'percent',
          )}
          href={href}
        />
        <Tile
          label="First token"
          value={formatDuration(total.timeToFirstTokenMsP50)}
          second={formatDuration(total.timeToFirstTokenMsP95)}
          title={`p50 ${formatDuration(total.timeToFirstTokenMsP50)}, p95 ${formatDuration(total.timeToFirstTokenMsP95)}`}
          change={formatChange(
            total.timeToFirstTokenMsP50,
            before?.timeToFirstTokenMsP50 ?? null,
            'percent',
          )}
          riseIs="bad"
          values={series.latency.timeToFirstTokenMs.p50}
          href={href}
        />
        <Tile
          label="Speed"
          value={formatSpeed(total.tokensPerSecondP50)}
          change={formatChange(
            total.tokensPerSecondP50,
            before?.tokensPerSecondP50 ?? null,
            'percent',
          )}
          riseIs="good"
          href={href}
        />
      </TileGrid>
      <div className="grid gap-4 xl:grid-cols-[2fr_1fr]">
        <ChartCard
          title="Traffic"
          unit="requests"
          kind="bars"
          startsMs={series.bucketStartsMs ?? []}
          bucketMs={bucketMs[bucket]}
          nowMs={usage.nowMs}
          rangeWords={describeRange(range, zone)}
          series={series.outcomes.map(({ id, label, points }) => ({
            id,
            label,
            values: points,
            color: colors[id],
          }))}
          format={(count) => formatCount(count)}
          onZoom={(period) => setRange({ kind: 'absolute', ...period })}
          isBusy={isBusy}
          empty="No request in this range"
        />
        <Card className="gap-3 p-4">
          <h3 className="font-semibold text-base">Models</h3>
          {models.length === 0 ? (
            <p className="flex flex-1 items-center justify-center text-muted-foreground text-sm">
              No model in this range
            </p>
          ) : (
            <BarList
              mono
              items={models.map(({ id, label, requests }) => ({
                id,
                label,
                value: requests,
                text: formatCount(requests),
                href: `${href}&model=${encodeURIComponent(id)}`,
              }))}
            />
          )}
        </Card>
      </div>
    </>
  )
}

function shareOf({ failed, requests }: { failed: number; requests: number }): number | null {
  return requests === 0 ? null : failed / requests
}
