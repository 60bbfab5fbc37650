'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { BusyBar } from '@/components/data-table/busy-bar'
import { useZone } from '@/components/shell/zone'
import { toastProblem } from '@/components/toast/toast'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/ui/cn'
import { renderCsv } from '@/lib/ui/csv'
import { largestUnit } from '@/lib/ui/format-time'
import { type ChartData, limitSeries, totalOf } from '@/lib/ui/series'
import { zoneCity } from '@/lib/ui/zone'
import { ChartLegend } from './chart-legend'
import { ChartMenu } from './chart-menu'
import { ChartTable } from './chart-table'
import { fileName, saveFile, savePng } from './save-file'

const TimeSeries = dynamic(() => import('./time-series').then(({ TimeSeries }) => TimeSeries), {
  ssr: false,
  loading: () => <Skeleton className="size-full" />,
})

export type ChartCardProps = ChartData & {
  title: string
  /** What the axis counts: `requests`, `ms`. */
  unit: string
  /** Of the figures as they are, for the file, where `unit` is none: `ms`. */
  fileUnit?: string
  kind: 'bars' | 'areas' | 'lines'
  format: (value: number) => string
  formatAxis?: (value: number) => string
  /** For the figure behind each name in the legend; false for none, as with percentiles. */
  formatTotal?: ((total: number) => string) | false
  /** How wide a bucket is, where its length in `bucketMs` does not say it well: `month`. */
  bucketWords?: string
  /** In words, for the picture and the file: `Last 24 h`. */
  rangeWords: string
  /** When the figures were made: what is not over is pale. */
  nowMs: number
  /** Right of the title: a choice such as Outcome | Model. */
  actions?: ReactNode
  syncId?: string
  onZoom?: (period: { fromMs: number; toMs: number }) => void
  isBusy?: boolean
  /** Nothing in the range: said in the plot's place, at its height. */
  empty?: ReactNode
  className?: string
}

/** A chart in its card: title, unit, bucket, legend with totals, plot of a fixed height, menu. */
export function ChartCard(props: ChartCardProps) {
  const { title, unit, kind, format, formatTotal, rangeWords, bucketMs, startsMs } = props
  const zone = useZone()
  const figure = useRef<HTMLElement>(null)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [isTable, setIsTable] = useState(false)
  const series = useMemo(() => limitSeries(props.series), [props.series])
  const isEmpty = series.every(({ values }) =>
    values.every((value) => value === null || value === 0),
  )

  const toggle = (id: string) => {
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    setHidden(next)
  }
  const saveCsv = () => {
    const { labels } = props
    const times = labels ? [`Time of day (${zone})`] : [`Time (${zone})`, 'Time (ISO)']
    const head = [...times, ...series.map(({ label }) => `${label} (${props.fileUnit ?? unit})`)]
    const rows = startsMs.map((at, index) => [
      ...(labels
        ? [labels[index] ?? '']
        : [new Date(at).toLocaleString('sv-SE', { timeZone: zone }), new Date(at).toISOString()]),
      ...series.map(({ values }) => values[index] ?? null),
    ])
    const content = new Blob([renderCsv([head, ...rows])], { type: 'text/csv;charset=utf-8' })
    saveFile(fileName(`${title} ${rangeWords}`, 'csv'), content)
  }
  const savePicture = () => {
    if (!figure.current) return
    savePng(fileName(`${title} ${rangeWords}`, 'png'), figure.current).catch((problem) =>
      toastProblem(`${title} was not saved`, String(problem?.message ?? problem)),
    )
  }

  return (
    <figure
      ref={figure}
      data-slot="card"
      aria-label={title}
      className={cn(
        'group/figure relative flex min-w-0 flex-col overflow-clip rounded-lg border bg-card',
        props.className,
      )}
    >
      <BusyBar isBusy={props.isBusy ?? false} />
      <figcaption className="flex min-h-11 items-center gap-3 pt-2 pr-2 pl-4">
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
          <span className="truncate font-semibold text-base">{title}</span>
          <span className="text-muted-foreground text-xs">
            {unit} by {props.bucketWords ?? largestUnit(bucketMs)}
          </span>
        </span>
        {props.actions}
        <ChartMenu
          title={title}
          isTable={isTable}
          onTable={() => setIsTable(!isTable)}
          onCsv={saveCsv}
          onPng={savePicture}
        />
      </figcaption>
      <div className="flex flex-col gap-2 px-4 pb-3">
        <ChartLegend
          series={series}
          totals={series.map((one) =>
            formatTotal === false ? null : (formatTotal ?? format)(totalOf(one)),
          )}
          hidden={hidden}
          onToggle={toggle}
          isLines={kind === 'lines'}
        />
        <div className="-ml-1 h-40 sm:h-[220px]">
          {isTable ? (
            <div className="scrollbar-quiet ml-1 h-full overflow-auto">
              <ChartTable {...props} series={series} zone={zone} />
            </div>
          ) : isEmpty ? (
            <div className="flex h-full items-center justify-center text-muted-foreground text-sm">
              {props.empty ?? `Nothing in this range`}
            </div>
          ) : (
            <TimeSeries
              {...props}
              series={series}
              zone={zone}
              title={`${title}, ${rangeWords}`}
              hidden={hidden}
            />
          )}
        </div>
        <p className="sr-only text-muted-foreground text-xs group-data-[saving=true]/figure:not-sr-only">
          {rangeWords}, {zoneCity(zone)}
        </p>
      </div>
    </figure>
  )
}
