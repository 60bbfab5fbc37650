'use client'

import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useZone } from '@/components/shell/zone'
import type { RequestHistogram } from '@/lib/admin/request-log'
import { cn } from '@/lib/ui/cn'
import { formatCount, formatExact, formatNumberOf } from '@/lib/ui/format'
import { formatMoment, formatTick, largestUnit } from '@/lib/ui/format-time'
import type { Period } from '@/lib/ui/range'
import { pickTicks } from '@/lib/ui/series'
import { outcomeColors } from '../usage/outcomes'

const words: Record<string, string> = {
  failed: 'failed',
  refused: 'refused',
  left: 'left or stopped',
  ok: 'completed',
}

type Span = { from: number; to: number }

/**
 * How many requests when, failed at the base. A drag zooms, and so do arrow keys (with Shift they
 * stretch) and Enter.
 */
export function HistogramStrip({
  histogram,
  rangeWords,
  onZoom,
}: {
  histogram: RequestHistogram
  rangeWords: string
  onZoom: (period: Period) => void
}) {
  const zone = useZone()
  const plot = useRef<HTMLDivElement>(null)
  const [here, setHere] = useState<number | null>(null)
  const [drag, setDrag] = useState<Span | null>(null)
  const { startsMs, series, openFromMs } = histogram
  const count = startsMs.length
  const sums = startsMs.map((_, place) =>
    series.reduce((sum, { points }) => sum + (points[place] ?? 0), 0),
  )
  const most = Math.max(0, ...sums)
  const endOf = (place: number) =>
    startsMs[place + 1] ?? (startsMs[place] ?? 0) + histogram.bucketMs

  const zoom = (span: Span) => {
    const [first, last] = [Math.min(span.from, span.to), Math.max(span.from, span.to)]
    const fromMs = startsMs[first]
    setDrag(null)
    if (fromMs !== undefined) onZoom({ fromMs, toMs: endOf(last) })
  }
  const placeAt = (event: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect()
    if (!box || count === 0) return 0
    const share = (event.clientX - box.left) / box.width
    return Math.min(count - 1, Math.max(0, Math.floor(share * count)))
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      event.stopPropagation()
      const next = Math.min(count - 1, Math.max(0, (here ?? count) + step))
      setDrag(event.shiftKey ? { from: drag?.from ?? here ?? next, to: next } : null)
      setHere(next)
    } else if (event.key === 'Enter' && here !== null) {
      event.preventDefault()
      zoom(drag ?? { from: here, to: here })
    } else if (event.key === 'Escape' && drag) {
      event.preventDefault()
      event.stopPropagation()
      setDrag(null)
    }
  }

  const told = here === null ? null : describe(histogram, here, zone)
  const total = sums.reduce((sum, one) => sum + one, 0)
  const failed = series.find(({ id }) => id === 'failed')?.points.reduce((sum, one) => sum + one, 0)
  return (
    <div data-print="hide" className="border-b px-3 pt-2 pb-1">
      <p className="flex h-5 justify-between gap-4 text-muted-foreground text-xs">
        <span className="truncate">
          {told ??
            `${formatNumberOf(total, 'request')}${failed ? `, ${formatCount(failed)} failed` : ''}, by ${largestUnit(histogram.bucketMs)}`}
          {told === null && histogram.of === 'all' && (
            <span title="Roll-ups do not count by these filters"> · filters aside</span>
          )}
        </span>
        <span className="shrink-0 max-sm:hidden">Drag to zoom</span>
      </p>
      <div
        ref={plot}
        role="slider"
        tabIndex={0}
        aria-label={`Requests over time, ${rangeWords}`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={here ?? Math.max(0, count - 1)}
        aria-valuetext={told ?? `${formatNumberOf(total, 'request')} in all`}
        onKeyDown={press}
        onBlur={() => {
          setHere(null)
          setDrag(null)
        }}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          const place = placeAt(event)
          setDrag({ from: place, to: place })
        }}
        onPointerMove={(event) => {
          const place = placeAt(event)
          setHere(place)
          if (event.buttons === 1) setDrag((was) => was && { ...was, to: place })
        }}
        onPointerLeave={() => setHere(null)}
        onPointerCancel={() => setDrag(null)}
        onPointerUp={() => {
          if (drag && drag.from !== drag.to) zoom(drag)
          else setDrag(null)
        }}
        className="relative h-14 cursor-crosshair touch-pan-y select-none rounded-sm"
      >
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${Math.max(1, count)} 100`}
          preserveAspectRatio="none"
          className="size-full"
        >
          {layers(histogram, most).map(({ id, d, pale }) => (
            <g key={id} fill={outcomeColors[id]}>
              <path d={d} />
              <path d={pale} fillOpacity={0.45} />
            </g>
          ))}
        </svg>
        <span aria-hidden="true" className="absolute inset-x-0 bottom-0 border-b" />
        {here !== null && <Mark span={{ from: here, to: here }} count={count} isFaint />}
        {drag && drag.from !== drag.to && <Mark span={drag} count={count} />}
      </div>
      <div aria-hidden="true" className="relative h-4 text-faint text-xs">
        {pickTicks(startsMs, zone, 8).map((at, index, all) => {
          const share = startsMs.indexOf(at) / count
          // The last one would be cut.
          if (share > 0.95) return null
          return (
            <span
              key={at}
              className={cn(
                'absolute whitespace-nowrap',
                all.length > 4 && index % 2 === 1 && 'max-sm:hidden',
              )}
              style={{ left: `${share * 100}%` }}
            >
              {formatTick(at, zone, histogram.bucketMs)}
            </span>
          )
        })}
      </div>
      {openFromMs !== null && <span className="sr-only">The last bar is not over.</span>}
    </div>
  )
}

function Mark({ span, count, isFaint }: { span: Span; count: number; isFaint?: boolean }) {
  const [first, last] = [Math.min(span.from, span.to), Math.max(span.from, span.to)]
  return (
    <span
      aria-hidden="true"
      className={cn(
        'pointer-events-none absolute inset-y-0 rounded-xs',
        isFaint ? 'bg-foreground/8' : 'border-primary border-x bg-primary/15',
      )}
      style={{ left: `${(first / count) * 100}%`, width: `${((last - first + 1) / count) * 100}%` }}
    />
  )
}

/** One path a layer; that of the bucket which still fills is apart. */
function layers({ startsMs, series, openFromMs }: RequestHistogram, most: number) {
  const base = startsMs.map(() => 100)
  return series.map(({ id, points }) => {
    let [d, pale] = ['', '']
    for (const [place, start] of startsMs.entries()) {
      const value = points[place] ?? 0
      if (value === 0 || most === 0) continue
      const bottom = base[place] ?? 100
      // What happened once among thousands is seen all the same.
      const top = Math.max(0, bottom - Math.max(2, (value / most) * 100))
      base[place] = top
      const box = `M${place + 0.08} ${bottom.toFixed(2)}V${top.toFixed(2)}h.84V${bottom.toFixed(2)}z`
      if (start === openFromMs) pale += box
      else d += box
    }
    return { id, d, pale }
  })
}

function describe({ startsMs, series }: RequestHistogram, place: number, zone: string): string {
  const counts = series
    .map(({ id, points }) => ({ id, count: points[place] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ id, count }) => `${formatExact(count)} ${words[id] ?? id}`)
  const at = formatMoment(startsMs[place], zone, 'minute')
  return `${at}: ${counts.length === 0 ? 'no requests' : counts.join(', ')}`
}
