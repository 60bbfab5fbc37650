'use client'

import { useRef, useState } from 'react'
import { ChartLegend } from '@/components/charts/chart-legend'
import { ChartMenu } from '@/components/charts/chart-menu'
import { ChartTable } from '@/components/charts/chart-table'
import { saveFile, savePng } from '@/components/charts/save-file'
import { useZone } from '@/components/shell/zone'
import { toastProblem } from '@/components/toast/toast'
import type { UsageSeries } from '@/lib/admin/usage-figures'
import { renderCsv } from '@/lib/ui/csv'
import { formatCount, formatExact } from '@/lib/ui/format'
import { formatDay } from '@/lib/ui/format-time'
import { colorOf, limitSeries, niceTicks, type Series, totalOf } from '@/lib/ui/series'
import { zoneCity } from '@/lib/ui/zone'

const dayMs = 86_400_000

/** Requests of each day of a month by model: a plain picture, which fits any width of paper. */
export function DayBars({
  days,
  title,
  fileName,
}: {
  days: UsageSeries
  title: string
  fileName: string
}) {
  const zone = useZone()
  const figure = useRef<HTMLElement>(null)
  const [isTable, setIsTable] = useState(false)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const startsMs = days.bucketStartsMs ?? []
  const series: Series[] = limitSeries(
    days.series.map(({ id, label, points }) => ({ id, label, values: points })),
  )
  const toggle = (id: string) => {
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    setHidden(next)
  }
  const saveCsv = () => {
    const rows = startsMs.map((at, index) => [
      new Date(at).toLocaleDateString('sv-SE', { timeZone: zone }),
      ...series.map(({ values }) => values[index] ?? null),
    ])
    const text = renderCsv([[`Day (${zone})`, ...series.map(({ label }) => label)], ...rows])
    saveFile(`${fileName}-days.csv`, new Blob([text], { type: 'text/csv;charset=utf-8' }))
  }
  const savePicture = () => {
    if (!figure.current) return
    savePng(`${fileName}-days.png`, figure.current).catch((problem) =>
      toastProblem(`${title} was not saved`, String(problem?.message ?? problem)),
    )
  }
  return (
    <figure
      ref={figure}
      data-slot="card"
      aria-label={title}
      className="flex min-w-0 flex-col rounded-lg border bg-card"
    >
      <figcaption className="flex min-h-11 items-center gap-3 pt-2 pr-2 pl-4">
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
          <span className="truncate font-semibold text-base">{title}</span>
          <span className="text-muted-foreground text-xs">requests by day, {zoneCity(zone)}</span>
        </span>
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
          totals={series.map((one) => formatCount(totalOf(one)))}
          hidden={hidden}
          onToggle={toggle}
          isLines={false}
        />
        {isTable ? (
          <div className="scrollbar-quiet h-[220px] overflow-auto">
            <ChartTable
              startsMs={startsMs}
              bucketMs={dayMs}
              labels={startsMs.map((at) => formatDay(at, zone))}
              series={series}
              zone={zone}
              format={formatExact}
            />
          </div>
        ) : (
          <Plot startsMs={startsMs} series={series} hidden={hidden} zone={zone} title={title} />
        )}
      </div>
    </figure>
  )
}

function Plot({
  startsMs,
  series,
  hidden,
  zone,
  title,
}: {
  startsMs: readonly number[]
  series: readonly Series[]
  hidden: ReadonlySet<string>
  zone: string
  title: string
}) {
  const shown = series.flatMap((one, index) =>
    hidden.has(one.id) ? [] : [{ ...one, color: colorOf(one, index) }],
  )
  const sums = startsMs.map((_, place) =>
    shown.reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
  )
  const ticks = niceTicks(Math.max(0, ...sums), sums.every(Number.isInteger))
  const top = ticks.at(-1) ?? 1
  const step = Math.ceil(startsMs.length / 8)
  return (
    <div className="flex h-40 gap-2 text-faint text-xs sm:h-[220px] print:h-44">
      <div aria-hidden="true" className="flex flex-col-reverse justify-between pb-5 text-right">
        {ticks.map((tick) => (
          <span key={tick} className="h-0 -translate-y-2">
            {formatCount(tick)}
          </span>
        ))}
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <svg
          role="img"
          aria-label={title}
          viewBox={`0 0 ${Math.max(1, startsMs.length)} 100`}
          preserveAspectRatio="none"
          className="min-h-0 w-full flex-1 overflow-visible"
          style={{ printColorAdjust: 'exact' }}
        >
          {ticks.map((tick) => (
            <path
              key={tick}
              d={`M0 ${100 - (tick / top) * 100}H${startsMs.length}`}
              stroke="var(--border)"
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {startsMs.map((at, place) => {
            let base = 100
            return (
              <g key={at}>
                <title>{`${formatDay(at, zone)}: ${formatExact(sums[place] ?? 0)} requests`}</title>
                {shown.map(({ id, color, values }) => {
                  const height = ((values[place] ?? 0) / top) * 100
                  base -= height
                  return height === 0 ? null : (
                    <rect
                      key={id}
                      x={place + 0.1}
                      width={0.8}
                      y={base}
                      height={height}
                      fill={color}
                    />
                  )
                })}
              </g>
            )
          })}
        </svg>
        <div aria-hidden="true" className="relative h-5 pt-1">
          {startsMs.map((at, place) =>
            place % step === 0 ? (
              <span
                key={at}
                className="absolute -translate-x-1/2 whitespace-nowrap"
                style={{ left: `${((place + 0.5) / startsMs.length) * 100}%` }}
              >
                {formatDay(at, zone, 'no-year').split(' ')[0]}
              </span>
            ) : null,
          )}
        </div>
      </div>
    </div>
  )
}
