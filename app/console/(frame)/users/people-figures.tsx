'use client'

import type { ReactNode } from 'react'
import { BarList } from '@/components/charts/bar-list'
import { ChartCard } from '@/components/charts/chart-card'
import { RangePicker, useRange } from '@/components/range-picker/range-picker'
import { Section } from '@/components/shell/page'
import { useZone } from '@/components/shell/zone'
import { Tile, TileGrid } from '@/components/tile/tile'
import { Card } from '@/components/ui/card'
import type { PeopleUsage } from '@/lib/admin/user-page'
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

// As many as are as high as the chart beside them.
const modelsShown = 6

/** What these people did in the range; each figure leads to their requests. */
export function PeopleFigures({
  usage,
  userIds,
  description,
  showsPeople = false,
}: {
  usage: PeopleUsage
  userIds: readonly string[]
  description?: string
  showsPeople?: boolean
}) {
  const zone = useZone()
  const [range, setRange] = useRange()
  const { total, series } = usage
  const { before } = total
  const at = `range=${renderRange(range)}`
  const href = `/console/requests?user=${userIds.join(',')}&${at}`
  const tokens = total.promptTokens + total.completionTokens
  const bucket: Bucket = series.bucket === 'hour-of-day' ? 'hour' : series.bucket
  const pointsOf = (id: string) => series.outcomes.find((one) => one.id === id)?.points ?? []
  const requests = (series.bucketStartsMs ?? []).map((_, index) =>
    series.outcomes.reduce((sum, { points }) => sum + (points[index] ?? 0), 0),
  )
  return (
    <Section
      title="Usage"
      description={description}
      actions={
        <span data-print="hide">
          <RangePicker />
        </span>
      }
    >
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
          change={formatChange(
            tokens,
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
          values={series.latency.timeToFirstTokenMs.p50}
          href={href}
        />
        <Tile
          label="Speed"
          value={formatSpeed(total.tokensPerSecondP50)}
          riseIs="good"
          href={href}
        />
      </TileGrid>
      <div
        className={showsPeople ? 'grid gap-3 lg:grid-cols-2' : 'grid gap-3 xl:grid-cols-[2fr_1fr]'}
      >
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
          className={showsPeople ? 'lg:col-span-2' : undefined}
          empty="No request in this range"
        />
        {showsPeople && (
          <Top title="People" empty="Nobody asked in this range">
            {usage.people.map(({ id, label, requests }) => ({
              id,
              label,
              value: requests,
              text: formatCount(requests),
              href: `/console/users/${id}?${at}`,
            }))}
          </Top>
        )}
        <Top title="Models" empty="No model in this range" mono>
          {usage.models.slice(0, modelsShown).map(({ id, label, requests }) => ({
            id,
            label,
            value: requests,
            text: formatCount(requests),
            href: `${href}&model=${encodeURIComponent(id)}`,
          }))}
        </Top>
      </div>
    </Section>
  )
}

function Top({
  title,
  empty,
  mono,
  children,
}: {
  title: string
  empty: ReactNode
  mono?: boolean
  children: Parameters<typeof BarList>[0]['items']
}) {
  return (
    <Card className="flex-1 gap-3 p-4">
      <h3 className="font-semibold text-base">{title}</h3>
      {children.length === 0 ? (
        <p className="flex flex-1 items-center justify-center text-muted-foreground text-sm">
          {empty}
        </p>
      ) : (
        <BarList mono={mono} items={children} />
      )}
    </Card>
  )
}

function shareOf({ failed, requests }: { failed: number; requests: number }): number | null {
  return requests === 0 ? null : failed / requests
}
