'use client'

import type { ReactNode } from 'react'
import { BarList } from '@/components/charts/bar-list'
import { ChartCard } from '@/components/charts/chart-card'
import { useRange } from '@/components/range-picker/range-picker'
import { useZone } from '@/components/shell/zone'
import { Card } from '@/components/ui/card'
import type { UsageRow, UsageSeries } from '@/lib/admin/usage-figures'
import { type Bucket, bucketMs } from '@/lib/ui/buckets'
import { formatCount } from '@/lib/ui/format'
import { describeRange } from '@/lib/ui/range'
import { outcomeColors } from './outcomes'

/** Their requests over the range, by outcome; a stretch that is drawn becomes the range. */
export function TrafficCard({
  usage,
  isBusy,
  className,
}: {
  usage: { nowMs: number; series: UsageSeries }
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
        color: outcomeColors[id],
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
