'use client'

import type { ReactNode } from 'react'
import { BarList } from '@/components/charts/bar-list'
import { ChartCard } from '@/components/charts/chart-card'
import { useRange } from '@/components/range-picker/range-picker'
import { useZone } from '@/components/shell/zone'
import { Tile, TileGrid } from '@/components/tile/tile'
import { Card } from '@/components/ui/card'
import type { UsageRow, UsageSeries } from '@/lib/admin/usage-figures'
import { type Bucket, bucketMs } from '@/lib/ui/buckets'
import { formatChange } from '@/lib/ui/change'
import { formatCount, formatDuration, formatPercent, formatSpeed } from '@/lib/ui/format'
import { describeRange } from '@/lib/ui/range'

const colors: Record<string, string> = {
  failed: 'var(--destructive)',
  refused: 'var(--warning)',
  left: 'var(--chart-7)',
  ok: 'var(--chart-8)',
}

type Figures = {
  nowMs: number
  series: UsageSeries
  total: UsageRow & { before: UsageRow | null }
}

/** Six figures of a key, a person or a team; each leads to its requests at `href`. */
export function UsageTiles({ usage, href }: { usage: Figures; href: string }) {
  const { total, series } = usage
  const { before } = total
  const firstToken = [total.timeToFirstTokenMsP50, total.timeToFirstTokenMsP95].map(formatDuration)
  const pointsOf = (id: string) => series.outcomes.find((one) => one.id === id)?.points ?? []
  const requests = (series.bucketStartsMs ?? []).map((_, index) =>
    series.outcomes.reduce((sum, { points }) => sum + (points[index] ?? 0), 0),
  )
  return (
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
        value={formatPercent(shareOf(total))}
        change={formatChange(shareOf(total), before && shareOf(before), 'points')}
        riseIs="bad"
        values={pointsOf('failed')}
        href={`${href}&status=5xx`}
      />
      <Tile
        label="Refused"
        value={formatCount(total.refused)}
        change={formatChange(total.refused, before?.refused ?? null, 'count')}
        riseIs="bad"
        values={pointsOf('refused')}
        href={`${href}&status=4xx`}
      />
      <Tile
        label="Tokens in / out"
        value={formatCount(total.promptTokens)}
        second={formatCount(total.completionTokens)}
        change={formatChange(tokensOf(total), before && tokensOf(before), 'percent')}
        href={href}
      />
      <Tile
        label="First token"
        value={firstToken[0]}
        second={firstToken[1]}
        title={`p50 ${firstToken[0]}, p95 ${firstToken[1]}`}
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
  )
}

/** Their requests over the range, by outcome; a stretch that is drawn becomes the range. */
export function TrafficCard({
  usage,
  isBusy,
  className,
}: {
  usage: Figures
  isBusy?: boolean
  className?: string
}) {
  const zone = useZone()
  const [range, setRange] = useRange()
  const { series, nowMs } = usage
  const bucket: Bucket = series.bucket === 'hour-of-day' ? 'hour' : series.bucket
  return (
    <ChartCard
      title="Traffic"
      unit="requests"
      kind="bars"
      startsMs={series.bucketStartsMs ?? []}
      bucketMs={bucketMs[bucket]}
      nowMs={nowMs}
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
      className={className}
      empty="No request in this range"
    />
  )
}

/** Who or what asked most; each leads to what `hrefOf` says. */
export function TopCard({
  title,
  empty,
  mono,
  rows,
  hrefOf,
}: {
  title: string
  empty: ReactNode
  mono?: boolean
  rows: readonly Pick<UsageRow, 'id' | 'label' | 'requests'>[]
  hrefOf: (id: string) => string
}) {
  return (
    <Card className="flex-1 gap-3 p-4">
      <h3 className="font-semibold text-base">{title}</h3>
      {rows.length === 0 ? (
        <p className="flex flex-1 items-center justify-center text-muted-foreground text-sm">
          {empty}
        </p>
      ) : (
        <BarList
          mono={mono}
          items={rows.map(({ id, label, requests }) => ({
            id,
            label,
            value: requests,
            text: formatCount(requests),
            href: hrefOf(id),
          }))}
        />
      )}
    </Card>
  )
}

function tokensOf({ promptTokens, completionTokens }: UsageRow): number {
  return promptTokens + completionTokens
}

function shareOf({ failed, requests }: UsageRow): number | null {
  return requests === 0 ? null : failed / requests
}
