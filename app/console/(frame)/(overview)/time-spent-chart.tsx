'use client'

import { ChartCard } from '@/components/charts/chart-card'
import { useRange } from '@/components/range-picker/range-picker'
import { useZone } from '@/components/shell/zone'
import { chartBasics } from './chart-basics'
import type { CardProps } from './overview-view'
import { scaleTime } from './scale-time'

const phases = [
  { id: 'queueMs', label: 'queue', color: 'var(--chart-3)' },
  { id: 'loadMs', label: 'load', color: 'var(--chart-2)' },
  { id: 'prefillMs', label: 'prefill', color: 'var(--chart-4)' },
  { id: 'decodeMs', label: 'decode', color: 'var(--chart-1)' },
] as const

/** The time of all requests together, by what it was spent on; waiting stands at the base. */
export function TimeSpentChart({ figures, range, isBusy }: CardProps) {
  const zone = useZone()
  const [, setRange] = useRange()
  const { timeSpent } = figures
  const sums = figures.bucketStartsMs.map((_, index) =>
    phases.reduce((sum, { id }) => sum + (timeSpent[id][index] ?? 0), 0),
  )
  const scale = scaleTime(Math.max(0, ...sums))
  return (
    <ChartCard
      {...chartBasics(figures, range, zone)}
      title="Where time goes"
      unit={scale.unit}
      kind="bars"
      series={phases.map(({ id, label, color }) => ({
        id,
        label,
        color,
        values: timeSpent[id].map((ms) => ms / scale.unitMs),
      }))}
      format={scale.format}
      formatAxis={scale.formatAxis}
      isBusy={isBusy}
      onZoom={(period) => setRange({ kind: 'absolute', ...period })}
      empty="No time was spent in this range"
    />
  )
}
