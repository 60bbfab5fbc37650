'use client'

import type { ReactNode } from 'react'
import { ChartCard, type ChartCardProps } from '@/components/charts/chart-card'
import { useZone } from '@/components/shell/zone'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import type { UsageMeasure, UsageSeries } from '@/lib/admin/usage-figures'
import type { UsagePage, UsageQuery } from '@/lib/admin/usage-page'
import { bucketMs } from '@/lib/ui/buckets'
import { formatCount, formatDuration } from '@/lib/ui/format'
import { nameOutcome, outcomes } from '@/lib/ui/outcomes'
import type { Series } from '@/lib/ui/series'
import { startOfDay } from '@/lib/ui/zone'
import { outcomeColors } from './outcomes'
import { describeComparison, groupWords, measureWords } from './usage-query'

const hourMs = 3_600_000
const bucketWords: Partial<Record<UsageSeries['bucket'], string>> = {
  hour: 'hour',
  day: 'day',
  month: 'month',
  'hour-of-day': 'hour of day',
}
/** A day without a clock change anywhere: it lends its hours to those of every day. */
const plainDayMs = Date.UTC(2001, 0, 17, 12)

/** The choice over time, the two periods over each other, and what else is to be seen. */
export function UsageCharts({
  usage,
  wanted,
  rangeWords,
  compareText,
  change,
  onZoom,
  isBusy,
  children,
}: {
  usage: UsagePage
  wanted: UsageQuery
  rangeWords: string
  compareText: string | null
  change: (changes: Record<string, string | null>) => void
  onZoom: (period: { fromMs: number; toMs: number }) => void
  isBusy: boolean
  /** The table, under the chart that it belongs to. */
  children: ReactNode
}) {
  const zone = useZone()
  const { series, before, by } = usage
  const { measure } = series
  const isHours = series.bucket === 'hour-of-day'
  const times = axisOf(series, zone)
  const shared = {
    ...times,
    nowMs: usage.nowMs,
    rangeWords: usage.who ? `${rangeWords}, ${usage.who.kind} ${usage.who.name}` : rangeWords,
    isBusy,
    // An hour of many days is no stretch of time to zoom into.
    ...(!isHours && { onZoom }),
  } satisfies Partial<ChartCardProps>
  const count = {
    format: (value: number) => formatCount(value),
    unit: measure === 'requests' || measure === 'failed' ? 'requests' : 'tokens',
  }
  return (
    <>
      <ChartCard
        {...shared}
        {...count}
        title={`${measureWords[measure]} by ${groupWords[by].toLowerCase()}`}
        kind="bars"
        series={by === 'outcome' ? outcomesOf(series) : groupsOf(series)}
        actions={
          <MeasureChoice
            measure={wanted.measure}
            onChange={(next) => change({ measure: next === 'requests' ? null : next })}
          />
        }
        empty={`No ${measureWords[measure].toLowerCase()} in this range`}
        syncId="usage"
      />
      {before && wanted.compare && compareText && (
        <ChartCard
          {...shared}
          {...count}
          title={`${measureWords[measure]}, compared`}
          kind="lines"
          rangeWords={`${shared.rangeWords}, and ${describeComparison(compareText, wanted.compare, zone)}`}
          series={[
            {
              id: 'now',
              label: rangeWords,
              color: 'var(--chart-1)',
              values: series.measures[measure],
            },
            {
              id: 'before',
              label: describeComparison(compareText, wanted.compare, zone),
              color: 'var(--chart-8)',
              stroke: 'dashed',
              values: ofLength(before.measures[measure], times.startsMs.length),
            },
          ]}
          syncId="usage"
        />
      )}
      {children}
      <div className="grid gap-4 lg:grid-cols-2">
        <ChartCard
          {...shared}
          title="How requests ended"
          unit="requests"
          kind="bars"
          series={outcomesOf(series)}
          format={(value) => formatCount(value)}
          syncId="usage"
        />
        <ChartCard
          {...shared}
          title="Tokens in and out"
          unit="tokens"
          kind="bars"
          series={[
            {
              id: 'out',
              label: 'out',
              color: 'var(--chart-1)',
              values: series.measures.completionTokens,
            },
            {
              id: 'in',
              label: 'in',
              color: 'var(--chart-4)',
              values: series.measures.promptTokens,
            },
          ]}
          format={(value) => formatCount(value)}
          empty="No tokens in this range"
          syncId="usage"
        />
        <ChartCard
          {...shared}
          title="First token"
          unit="time"
          fileUnit="ms"
          kind="lines"
          series={percentilesOf(series.latency.timeToFirstTokenMs)}
          format={(value) => formatDuration(value)}
          formatTotal={false}
          empty="No answer in this range"
          syncId="usage"
        />
        <ChartCard
          {...shared}
          title="Whole request"
          unit="time"
          fileUnit="ms"
          kind="lines"
          series={percentilesOf(series.latency.totalMs)}
          format={(value) => formatDuration(value)}
          formatTotal={false}
          syncId="usage"
        />
      </div>
    </>
  )
}

function MeasureChoice({
  measure,
  onChange,
}: {
  measure: UsageMeasure
  onChange: (measure: UsageMeasure) => void
}) {
  return (
    <span data-export="hide" data-print="hide">
      <Select value={measure} onValueChange={(value) => onChange(value as UsageMeasure)}>
        <SelectTrigger aria-label="What is counted" className="w-auto border-transparent">
          <SelectValue />
        </SelectTrigger>
        <SelectContent align="end">
          {Object.entries(measureWords).map(([value, words]) => (
            <SelectItem key={value} value={value}>
              {words}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </span>
  )
}

/** Where the buckets are: times of the zone, or the 24 hours that every day has. */
function axisOf(
  series: UsageSeries,
  zone: string,
): Pick<ChartCardProps, 'startsMs' | 'bucketMs' | 'bucketWords' | 'labels'> {
  const words = bucketWords[series.bucket]
  if (series.bucket !== 'hour-of-day' && series.bucketStartsMs) {
    return {
      startsMs: series.bucketStartsMs,
      bucketMs: bucketMs[series.bucket],
      ...(words && { bucketWords: words }),
    }
  }
  const midnight = startOfDay(plainDayMs, zone)
  const hours = Array.from({ length: 24 }, (_, hour) => hour)
  return {
    startsMs: hours.map((hour) => midnight + hour * hourMs),
    bucketMs: hourMs,
    bucketWords: words ?? 'hour of day',
    labels: hours.map((hour) => `${String(hour).padStart(2, '0')}:00`),
  }
}

/** Ids of data could be those of the chart itself: they get a letter in front. */
function groupsOf({ series }: UsageSeries): Series[] {
  return series.map(({ id, label, points }, index) => {
    const isRest = id === 'other' && index === 6
    return { id: isRest ? 'other' : `v:${id}`, label, values: points }
  })
}

function outcomesOf(series: UsageSeries): Series[] {
  const list = series.by === 'outcome' ? series.series : series.outcomes
  const order: readonly string[] = outcomes
  return list
    .map(({ id, points }) => ({
      id,
      label: nameOutcome(id),
      color: outcomeColors[id] ?? 'var(--chart-8)',
      values: points,
    }))
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
}

function percentilesOf({ p50, p95, p99 }: UsageSeries['latency']['totalMs']): Series[] {
  const color = 'var(--chart-1)'
  return [
    { id: 'p50', label: 'p50', color, stroke: 'solid', values: p50 },
    { id: 'p95', label: 'p95', color, stroke: 'dashed', values: p95 },
    { id: 'p99', label: 'p99', color, stroke: 'dotted', values: p99 },
  ]
}

/** The other period has more or fewer buckets where it is longer or shorter. */
function ofLength(values: readonly number[], length: number): (number | null)[] {
  return Array.from({ length }, (_, index) => values[index] ?? null)
}
