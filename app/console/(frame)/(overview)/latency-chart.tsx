'use client'

import { useQueryState } from 'nuqs'
import { ChartCard } from '@/components/charts/chart-card'
import { useRange } from '@/components/range-picker/range-picker'
import { useZone } from '@/components/shell/zone'
import { chartBasics } from './chart-basics'
import { ChartChoice } from './chart-choice'
import type { CardProps } from './overview-view'
import { scaleTime } from './scale-time'
import { latencyParam } from './search-params'

const faces = [
  { id: 'first', label: 'First token' },
  { id: 'whole', label: 'Whole' },
] as const

/** Percentiles of the time to the first token, or to the end of the answer. */
export function LatencyChart({ figures, range, isBusy }: CardProps) {
  const zone = useZone()
  const [, setRange] = useRange()
  const [face, setFace] = useQueryState('latency', latencyParam)
  const { latency } = figures
  const { p50, p95, p99 } = face === 'whole' ? latency.totalMs : latency.timeToFirstTokenMs
  const scale = scaleTime(Math.max(0, ...p99.map((value) => value ?? 0)))
  const inUnit = (points: readonly (number | null)[]) =>
    points.map((value) => (value === null ? null : value / scale.unitMs))
  const color = 'var(--chart-1)'
  return (
    <ChartCard
      {...chartBasics(figures, range, zone)}
      title={face === 'whole' ? 'Whole answer' : 'Time to first token'}
      unit={scale.unit}
      kind="lines"
      series={[
        { id: 'p50', label: 'p50', color, stroke: 'solid', values: inUnit(p50) },
        { id: 'p95', label: 'p95', color, stroke: 'dashed', values: inUnit(p95) },
        { id: 'p99', label: 'p99', color, stroke: 'dotted', values: inUnit(p99) },
      ]}
      format={scale.format}
      formatAxis={scale.formatAxis}
      formatTotal={false}
      isBusy={isBusy}
      onZoom={(period) => setRange({ kind: 'absolute', ...period })}
      actions={
        <ChartChoice
          label="Time until"
          value={face}
          faces={faces}
          onChoose={(id) => void setFace(id)}
        />
      }
      empty="Nothing was answered in this range"
    />
  )
}
