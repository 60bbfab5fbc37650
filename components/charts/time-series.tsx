'use client'

import { useState } from 'react'
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  Rectangle,
  type RectangleProps,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts'
import { formatMoment, formatTick } from '@/lib/ui/format-time'
import { type ChartData, colorOf, niceTicks, pickTicks } from '@/lib/ui/series'

export type TimeSeriesProps = ChartData & {
  kind: 'bars' | 'areas' | 'lines'
  /** A figure with its unit, for the tooltip. */
  format: (value: number) => string
  /** A figure for the axis, short. */
  formatAxis?: (value: number) => string
  zone: string
  title: string
  /** Series that the legend turned off. */
  hidden: ReadonlySet<string>
  /** Now: the bucket that is not over is pale. */
  nowMs: number
  /** Charts of one id share their crosshair. */
  syncId?: string
  /** Dragged over: from the first bucket's start to the last one's end. */
  onZoom?: (period: { fromMs: number; toMs: number }) => void
}

type Point = { at: number } & Record<string, number | null>

const dashes = { solid: undefined, dashed: '5 4', dotted: '1.5 3.5' }

/** The plot of a chart; `ChartCard` loads it after first paint. */
export function TimeSeries(props: TimeSeriesProps) {
  const { startsMs, series, bucketMs, kind, zone, hidden, nowMs, onZoom } = props
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  // The crosshair is shared by charts of one id, the table of figures is not.
  const [isHere, setIsHere] = useState(false)
  const shown = series.flatMap((one, index) =>
    hidden.has(one.id) ? [] : [{ ...one, color: colorOf(one, index) }],
  )
  const points = startsMs.map((at, index): Point => {
    const point: Point = { at }
    for (const { id, values } of shown) point[id] = values[index] ?? null
    return point
  })
  const isWhole = shown.every(({ values }) =>
    values.every((value) => value === null || Number.isInteger(value)),
  )
  const ticks = niceTicks(largestOf(points, kind !== 'lines'), isWhole)
  const lastStart = startsMs.at(-1)
  const openAt = lastStart !== undefined && lastStart + bucketMs > nowMs ? lastStart : null

  const start = (label: unknown) => {
    if (onZoom && typeof label === 'number') setDrag({ from: label, to: label })
  }
  const move = (label: unknown) => {
    if (drag && typeof label === 'number') setDrag({ ...drag, to: label })
  }
  const end = () => {
    if (drag && drag.from !== drag.to) {
      const [first, last] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
      const after = startsMs[startsMs.indexOf(last) + 1]
      onZoom?.({ fromMs: first, toMs: after ?? last + bucketMs })
    }
    setDrag(null)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only notes where the pointer or focus is
    <div
      className="size-full"
      onPointerEnter={() => setIsHere(true)}
      onPointerLeave={() => setIsHere(false)}
      onFocus={() => setIsHere(true)}
      onBlur={() => setIsHere(false)}
    >
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={points}
          title={props.title}
          syncId={props.syncId}
          syncMethod="value"
          margin={{ top: 6, right: 8, bottom: 0, left: 0 }}
          barCategoryGap={points.length > 60 ? 1 : '14%'}
          className={onZoom ? 'cursor-crosshair select-none' : 'select-none'}
          onMouseDown={({ activeLabel }) => start(asNumber(activeLabel))}
          onMouseMove={({ activeLabel }) => move(asNumber(activeLabel))}
          onMouseUp={end}
          onMouseLeave={() => setDrag(null)}
        >
          <CartesianGrid vertical={false} stroke="var(--border)" />
          <XAxis
            dataKey="at"
            ticks={pickTicks(startsMs, zone)}
            interval="preserveStart"
            minTickGap={10}
            tickFormatter={(at: number) => labelAt(props, at) ?? formatTick(at, zone, bucketMs)}
            tick={{ fill: 'var(--faint)', fontSize: 12 }}
            tickLine={false}
            axisLine={{ stroke: 'var(--border)' }}
            tickMargin={6}
            height={24}
          />
          <YAxis
            width="auto"
            domain={[0, ticks.at(-1) ?? 1]}
            ticks={ticks}
            tickFormatter={props.formatAxis ?? props.format}
            tick={{ fill: 'var(--faint)', fontSize: 12 }}
            tickLine={false}
            axisLine={false}
            tickMargin={4}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={
              kind === 'bars'
                ? { fill: 'var(--accent)', opacity: 0.7 }
                : { stroke: 'var(--input)', strokeWidth: 1 }
            }
            content={(tooltip) =>
              !isHere ? null : (
                <TooltipTable
                  {...tooltip}
                  chart={props}
                  colors={shown}
                  isSummed={kind !== 'lines'}
                />
              )
            }
            wrapperStyle={{ zIndex: 20, outline: 'none' }}
          />
          {shown.map((one) => {
            const shared = { dataKey: one.id, name: one.label, isAnimationActive: false } as const
            if (kind === 'bars') {
              return (
                <Bar
                  key={one.id}
                  {...shared}
                  stackId="all"
                  fill={one.color}
                  shape={(bar: RectangleProps & { payload?: Point }) => (
                    <Rectangle {...bar} fillOpacity={bar.payload?.at === openAt ? 0.45 : 1} />
                  )}
                />
              )
            }
            if (kind === 'areas') {
              return (
                <Area
                  key={one.id}
                  {...shared}
                  stackId="all"
                  type="linear"
                  fill={one.color}
                  fillOpacity={0.85}
                  stroke="var(--card)"
                  strokeWidth={0.5}
                  dot={false}
                  activeDot={false}
                />
              )
            }
            return (
              <Line
                key={one.id}
                {...shared}
                type="linear"
                stroke={one.color}
                strokeWidth={one.stroke === 'dotted' ? 2 : 1.75}
                strokeDasharray={dashes[one.stroke ?? 'solid']}
                strokeLinecap="round"
                dot={false}
                activeDot={{ r: 3, fill: one.color, stroke: 'var(--card)', strokeWidth: 1.5 }}
                connectNulls={false}
              />
            )
          })}
          {kind !== 'bars' && openAt !== null && startsMs.length > 1 && (
            <ReferenceArea
              x1={startsMs.at(-2)}
              x2={openAt}
              fill="var(--card)"
              fillOpacity={0.55}
              stroke="none"
            />
          )}
          {drag && drag.from !== drag.to && (
            <ReferenceArea
              x1={Math.min(drag.from, drag.to)}
              x2={Math.max(drag.from, drag.to)}
              fill="var(--primary)"
              fillOpacity={0.14}
              stroke="var(--primary)"
              strokeOpacity={0.5}
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

function TooltipTable({
  active,
  label,
  payload,
  chart,
  colors,
  isSummed,
}: TooltipContentProps & {
  chart: TimeSeriesProps
  colors: readonly { id: string; color: string; label: string }[]
  isSummed: boolean
}) {
  const at = asNumber(label)
  if (!active || at === null) return null
  const known = payload.flatMap(({ dataKey, value }) => {
    const series = colors.find(({ id }) => id === dataKey)
    return series && typeof value === 'number' ? [{ ...series, value }] : []
  })
  known.sort((a, b) => b.value - a.value)
  const sum = known.reduce((total, { value }) => total + value, 0)
  return (
    <div className="min-w-40 max-w-72 rounded-lg bg-popover px-3 py-2 text-popover-foreground text-xs shadow-float">
      <p className="mb-1 text-muted-foreground">
        {labelAt(chart, at) ?? formatMoment(at, chart.zone, 'minute')}
      </p>
      {known.length === 0 && <p>Nothing known</p>}
      {known.map(({ id, label, color, value }) => (
        <p key={id} className="flex items-center gap-2 leading-5">
          <span aria-hidden="true" className="size-2 rounded-xs" style={{ background: color }} />
          <span className="min-w-0 flex-1 truncate">{label}</span>
          <span className="font-medium">{chart.format(value)}</span>
        </p>
      ))}
      {isSummed && known.length > 1 && (
        <p className="mt-1 flex justify-between gap-4 border-t pt-1">
          <span className="text-muted-foreground">Together</span>
          <span className="font-medium">{chart.format(sum)}</span>
        </p>
      )}
    </div>
  )
}

function labelAt({ startsMs, labels }: TimeSeriesProps, at: number): string | null {
  return labels?.[startsMs.indexOf(at)] ?? null
}

function largestOf(points: readonly Point[], isStacked: boolean): number {
  const sizes = points.map(({ at: _, ...values }) => {
    const known = Object.values(values).map((value) => value ?? 0)
    return isStacked ? known.reduce((sum, value) => sum + value, 0) : Math.max(0, ...known)
  })
  return Math.max(0, ...sizes)
}

function asNumber(label: unknown): number | null {
  const number = typeof label === 'string' ? Number(label) : label
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
