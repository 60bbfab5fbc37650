'use client'

import type { ReactNode } from 'react'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { RangePicker, useRange } from '@/components/range-picker/range-picker'
import { Page } from '@/components/shell/page'
import { StaleProblem } from '@/components/states/stale-problem'
import { liveIntervalMs, type Range, renderRange } from '@/lib/ui/range'
import type { OverviewFigures } from '../../data/overview/read-overview'
import { InFlightCard } from './in-flight-card'
import { LatencyChart } from './latency-chart'
import { LatestErrors } from './latest-errors'
import { OverviewTiles } from './overview-tiles'
import { ServersStrip } from './servers-strip'
import { TimeSpentChart } from './time-spent-chart'
import { TopCard } from './top-card'
import { TrafficChart } from './traffic-chart'

/** What every card of the overview is given. */
export type CardProps = { figures: OverviewFigures; range: Range; isBusy: boolean }

/** The overview, kept up to date. `first` is what the server rendered this range with. */
export function OverviewView({
  range,
  first,
  nowMs,
  since,
}: {
  range: Range
  first: OverviewFigures
  nowMs: number
  since: ReactNode
}) {
  const text = renderRange(range)
  const [wanted] = useRange()
  const url = `/console/data/overview?range=${encodeURIComponent(text)}`
  const { data, problem, asOfMs, refresh } = useLive({
    // Each render of the server begins anew: a range that was left and found again shows no old figures.
    key: ['overview', text, nowMs],
    url,
    initialData: first,
    initialUrl: url,
    intervalMs: liveIntervalMs(range),
  })
  // The server is making the range that was chosen; what is seen is still the one before.
  const isBusy = renderRange(wanted) !== text
  const card: CardProps = { figures: data, range, isBusy }
  const isOwn = data.scope === 'own'
  return (
    <Page
      title="Overview"
      description={isOwn ? 'What your own keys did' : undefined}
      actions={
        <>
          <RangePicker />
          <LiveButton />
        </>
      }
    >
      {since}
      <StaleProblem
        title="New figures did not come"
        problem={problem}
        asOfMs={asOfMs}
        refresh={refresh}
      />
      <OverviewTiles figures={data} range={range} />
      <div className="grid min-w-0 gap-4 xl:grid-cols-2">
        <TrafficChart {...card} />
        <LatencyChart {...card} />
        <TimeSpentChart {...card} />
        <TopCard figures={data} range={range} />
      </div>
      {!isOwn && <ServersStrip servers={data.servers} nowMs={nowMs} />}
      <div className="grid min-w-0 gap-4 xl:grid-cols-2">
        <LatestErrors errors={data.errors} range={range} nowMs={nowMs} />
        <InFlightCard inFlight={data.inFlight} nowMs={nowMs} isOwn={isOwn} />
      </div>
    </Page>
  )
}
