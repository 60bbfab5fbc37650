'use client'

import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { Page, Section } from '@/components/shell/page'
import { StaleProblem } from '@/components/states/stale-problem'
import type { RoutingPage } from '@/lib/admin/routing-page'
import { Aliases } from './aliases'
import { Assignments } from './assignments'
import { DryRun } from './dry-run'
import { MemoryRules } from './memory-rules'
import { StrategyCard } from './strategy-card'
import { TrafficPicture } from './traffic-picture'

/** Where requests go now, where one would go, and what decides it. */
export function RoutingView({
  initial,
  mayManage,
  maySetStrategy,
}: {
  initial: RoutingPage
  mayManage: boolean
  maySetStrategy: boolean
}) {
  const { data, problem, asOfMs, refresh } = useLive<RoutingPage>({
    key: ['routing'],
    url: '/console/data/routing',
    initialData: initial,
  })
  return (
    <Page title="Routing" actions={<LiveButton />}>
      <StaleProblem
        title="Routing could not be read again"
        problem={problem}
        asOfMs={asOfMs}
        refresh={refresh}
      />
      <div className="grid gap-x-4 gap-y-6 xl:grid-cols-2">
        <Section
          id="traffic"
          title="Traffic"
          description="From models to servers: requests that ended in the last 5 minutes, and those at work"
        >
          <TrafficPicture flow={data.flow} />
        </Section>
        <Section
          id="dry-run"
          title="Dry run"
          description="Where a request would go now, and why nowhere else. Nothing is sent."
        >
          <DryRun models={data.models} keys={data.keys} servers={data.servers} />
        </Section>
      </div>
      {data.frontend && (
        <Section
          id="strategy"
          title="Strategy"
          description="Who is asked first among servers that have the model and room for it"
        >
          <StrategyCard frontend={data.frontend} mayChange={maySetStrategy} refresh={refresh} />
        </Section>
      )}
      <Aliases
        aliases={data.aliases}
        models={data.models}
        mayManage={mayManage}
        refresh={refresh}
      />
      <Assignments
        assignments={data.assignments}
        servers={data.servers}
        models={data.models}
        mayManage={mayManage}
        refresh={refresh}
      />
      <MemoryRules
        rules={data.memoryRules}
        defaultGb={data.memoryDefaultGb}
        models={data.models}
        mayManage={mayManage}
        refresh={refresh}
      />
    </Page>
  )
}
