'use client'

import { ChartColumnIcon, FileTextIcon } from 'lucide-react'
import { AsCommand } from '@/components/as-command/as-command'
import { Link } from '@/components/link/link'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { RangePicker, useRange } from '@/components/range-picker/range-picker'
import { Page } from '@/components/shell/page'
import { useZone } from '@/components/shell/zone'
import { StaleProblem } from '@/components/states/stale-problem'
import { EmptyFiltered, EmptyNew } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import type { UsagePage } from '@/lib/admin/usage-page'
import { describeRange, liveIntervalMs, renderRange } from '@/lib/ui/range'
import { UsageBar } from './usage-bar'
import { UsageCharts } from './usage-charts'
import { allRequestsHref, groupWords, readUsageQuery, readWho, usageCommand } from './usage-query'
import { UsageTable } from './usage-table'
import { UsageTiles } from './usage-tiles'
import { useUsageParams } from './use-usage-params'

const dayMs = 86_400_000

/** Who used what, and when: the choice, the sum, charts, and a table of the same. */
export function UsageView({
  first,
  layout,
}: {
  /** What the server rendered, and the query that it answers. */
  first: { query: string; usage: UsagePage }
  layout?: string
}) {
  const zone = useZone()
  const [range, setRange] = useRange()
  const { params, change, isChanging } = useUsageParams()
  const query = params.toString()
  const { data, problem, asOfMs, isBusy, refresh } = useLive<UsagePage>({
    key: ['usage', query],
    url: `/console/data/usage?${query}`,
    initialData: first.usage,
    initialUrl: `/console/data/usage?${first.query}`,
    intervalMs: liveIntervalMs(range),
  })
  const { nowMs } = data
  const wanted = readUsageQuery(params, { nowMs, timezone: zone })
  const of = readWho(params)
  const rangeWords = describeRange(range, zone)
  const command = usageCommand(range, data.by, of)
  const isEmpty = data.table.rows.length === 0
  const isNarrow = of !== null
  const reportHref = `/console/usage/report${of ? `?${of.kind}=${encodeURIComponent(of.id)}` : ''}`
  const isWaiting = isBusy || isChanging

  return (
    <Page
      title="Usage"
      actions={
        <>
          <Button variant="outline" asChild>
            <Link href={reportHref} prefetch={false}>
              <FileTextIcon /> Monthly report
            </Link>
          </Button>
          <RangePicker />
          <LiveButton />
        </>
      }
      toolbar={<UsageBar usage={data} wanted={wanted} params={params} change={change} />}
    >
      <StaleProblem
        title="The newest figures could not be read"
        problem={problem}
        asOfMs={asOfMs}
        refresh={refresh}
      />
      {isEmpty ? (
        <Card>
          {isNarrow ? (
            <EmptyFiltered
              what="No requests"
              filters={[
                rangeWords,
                ...(data.who ? [`${groupWords[data.who.kind]} is ${data.who.name}`] : []),
              ]}
              actions={
                <>
                  <Button variant="outline" onClick={() => change({ user: null, key: null })}>
                    Clear
                  </Button>
                  <Longer range={range} setRange={setRange} />
                </>
              }
            />
          ) : (
            <EmptyNew
              icon={ChartColumnIcon}
              title="No requests in this range"
              action={<Longer range={range} setRange={setRange} />}
            >
              What was asked is counted here within seconds: by model, key, user and server.
            </EmptyNew>
          )}
        </Card>
      ) : (
        <>
          <UsageTiles
            total={data.total}
            series={data.series}
            href={allRequestsHref({ range: renderRange(range), of })}
          />
          <UsageCharts
            usage={data}
            wanted={wanted}
            rangeWords={rangeWords}
            compareText={params.get('compare')}
            change={change}
            onZoom={(period) => setRange({ kind: 'absolute', ...period })}
            isBusy={isWaiting}
          >
            <UsageTable
              usage={data}
              range={renderRange(range)}
              rangeWords={rangeWords}
              of={of}
              layout={layout}
              isBusy={isWaiting}
              tools={command && <AsCommand args={command} />}
            />
          </UsageCharts>
        </>
      )}
    </Page>
  )
}

function Longer({
  range,
  setRange,
}: {
  range: ReturnType<typeof useRange>[0]
  setRange: ReturnType<typeof useRange>[1]
}) {
  const isLong = range.kind === 'relative' && range.lengthMs >= 30 * dayMs
  if (isLong) return null
  return (
    <Button
      variant="outline"
      onClick={() => setRange({ kind: 'relative', text: '30d', lengthMs: 30 * dayMs })}
    >
      Show the last 30 d
    </Button>
  )
}
