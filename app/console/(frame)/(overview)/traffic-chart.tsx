'use client'

import { useQueryState } from 'nuqs'
import { ChartCard } from '@/components/charts/chart-card'
import { useRange } from '@/components/range-picker/range-picker'
import { useZone } from '@/components/shell/zone'
import { formatCount } from '@/lib/ui/format'
import { outcomeColors } from '../usage/outcomes'
import { chartBasics } from './chart-basics'
import { ChartChoice } from './chart-choice'
import type { CardProps } from './overview-view'
import { trafficParam } from './search-params'

const faces = [
  { id: 'outcome', label: 'Outcome' },
  { id: 'model', label: 'Model' },
] as const
const colors: Readonly<Record<string, string>> = { ...outcomeColors, other: 'var(--chart-8)' }

/** Requests stacked by how they ended, failed ones at the base, or by model. */
export function TrafficChart({ figures, range, isBusy }: CardProps) {
  const zone = useZone()
  const [, setRange] = useRange()
  const [face, setFace] = useQueryState('traffic', trafficParam)
  const drawn = face === 'model' ? figures.traffic.byModel : figures.traffic.byOutcome
  return (
    <ChartCard
      {...chartBasics(figures, range, zone)}
      title="Traffic"
      unit="requests"
      kind="bars"
      series={drawn.map(({ id, label, points }) => ({
        id,
        label,
        values: points,
        ...(colors[id] && { color: colors[id] }),
      }))}
      format={formatCount}
      isBusy={isBusy}
      onZoom={(period) => setRange({ kind: 'absolute', ...period })}
      actions={
        <ChartChoice
          label="Traffic by"
          value={face}
          faces={faces}
          onChoose={(id) => void setFace(id)}
        />
      }
      empty="No requests in this range"
    />
  )
}
