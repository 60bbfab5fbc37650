'use client'

import { useCallback } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { AbsoluteTime } from '@/components/relative-time/relative-time'
import { Page, Section } from '@/components/shell/page'
import { Facts } from '@/components/side-sheet/facts'
import { StaleProblem } from '@/components/states/stale-problem'
import { Note } from '@/components/states/states'
import { TileGrid } from '@/components/tile/tile'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { formatBytes, formatDuration, formatExact, formatNumberOf, unknown } from '@/lib/ui/format'
import { OneSetting } from '../settings/one-setting'
import { NodesTable } from './nodes-table'
import type { SystemPage } from './read-system-page'

/** From here on a delay is felt in streams. */
const slowLoopMs = 100

export function SystemView({
  initial,
  mayBackUp,
  mayManage,
}: {
  initial: SystemPage
  mayBackUp: boolean
  mayManage: boolean
}) {
  const { data, problem, asOfMs, refresh } = useLive({
    key: ['system'],
    url: '/console/data/system',
    initialData: initial,
  })
  const look = useCallback(() => void refresh(), [refresh])
  const { nodes, database } = data
  const living = nodes.filter((node) => !node.silent)
  const versions = [...new Set(living.map((node) => node.version))]
  const inFlight = living.reduce((sum, node) => sum + node.inFlight, 0)
  return (
    <Page title="System" actions={<LiveButton />}>
      <StaleProblem problem={problem} asOfMs={asOfMs} refresh={refresh} />
      {living.length === 0 && (
        <Note tone="warning">
          No gateway has reported in the last 10 s. Clients are not served until one starts.
        </Note>
      )}
      {versions.length > 1 && (
        <Note tone="warning">
          The nodes run different versions: {versions.join(', ')}. Update those that are behind.
        </Note>
      )}
      <TileGrid>
        <Figure
          label="Nodes reporting"
          value={`${living.length} of ${nodes.length}`}
          href="#nodes"
          title="Of those seen within a day"
        />
        <Figure label="Version" value={versions[0] ?? unknown} href="#nodes" />
        <Figure label="In flight" value={formatNumberOf(inFlight, 'request')} href="/console" />
        <Figure
          label="Journal lag"
          value={formatNumberOf(data.journalLagRecords, 'record')}
          href="#nodes"
          title="Journalled, and not in the database yet"
        />
        <Figure
          label="Event-loop delay"
          value={
            data.eventLoopDelayMsMax === null ? unknown : formatDuration(data.eventLoopDelayMsMax)
          }
          second={(data.eventLoopDelayMsMax ?? 0) >= slowLoopMs ? 'slow' : 'p99'}
          href="#nodes"
          title="p99 of the last second, of the slowest node"
        />
        <Figure label="Database" value={formatBytes(database.sizeBytes)} href="#database" />
      </TileGrid>
      <Section
        id="nodes"
        title="Nodes"
        description="Each gateway reports once a second. One that is silent for a day is forgotten."
        className="mt-2 scroll-mt-18"
      >
        <NodesTable nodes={nodes} nowMs={data.nowMs} configRevision={data.configRevision} />
      </Section>
      <div className="mt-2 grid items-start gap-4 xl:grid-cols-2">
        <Section id="database" title="Database" className="scroll-mt-18">
          <DatabaseCard {...database} mayBackUp={mayBackUp} />
        </Section>
        {data.logLevel && (
          <Section id="log" title="Log" className="scroll-mt-18">
            <OneSetting
              setting={data.logLevel}
              nowMs={data.nowMs}
              mayManage={mayManage}
              onChanged={look}
            />
          </Section>
        )}
      </div>
    </Page>
  )
}

/** A tile without a line: nothing here is compared with a time before. */
function Figure({
  label,
  value,
  second,
  title,
  href,
}: {
  label: string
  value: string
  second?: string
  title?: string
  href: string
}) {
  return (
    <a
      href={href}
      title={title}
      className="flex min-w-0 flex-col gap-1.5 rounded-lg border bg-card px-3.5 py-3 transition-colors duration-100 hover:border-input"
    >
      <span className="truncate text-muted-foreground text-xs">{label}</span>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-semibold text-xl">{value}</span>
        {second && <span className="truncate text-muted-foreground text-sm">{second}</span>}
      </span>
    </a>
  )
}

function DatabaseCard({
  engine,
  version,
  sizeBytes,
  migration,
  usageRecords,
  mayBackUp,
}: SystemPage['database'] & { mayBackUp: boolean }) {
  const isFile = engine === 'sqlite'
  const { oldestMs, newestMs } = usageRecords
  return (
    <Card>
      <Facts
        className="p-4"
        facts={[
          { label: 'Engine', value: `${isFile ? 'SQLite' : 'PostgreSQL'} ${version}` },
          {
            label: 'Size',
            value: `${formatBytes(sizeBytes)} (${formatExact(sizeBytes)} bytes)`,
          },
          { label: 'Migration', value: migration ? <code>{migration}</code> : unknown },
          {
            label: 'Usage records',
            value:
              oldestMs === null ? (
                'none yet'
              ) : (
                <>
                  <AbsoluteTime ms={oldestMs} precision="minute" /> to{' '}
                  <AbsoluteTime ms={newestMs} precision="minute" />
                </>
              ),
          },
        ]}
      />
      {mayBackUp && (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t px-4 py-3">
          <p className="min-w-0 flex-1 basis-64 text-muted-foreground text-sm">
            {isFile
              ? 'A consistent copy of the whole database, made while Corral runs. It holds sealed credentials, and no secret to open them.'
              : 'PostgreSQL is backed up by its own tools, such as pg_dump.'}
          </p>
          {isFile && (
            <div className="flex items-center gap-1">
              <AsCommand isIcon args={['backup', 'corral-backup.db']} />
              <form action="/console/data/backup" method="post">
                <Button type="submit" variant="outline">
                  Download backup
                </Button>
              </form>
            </div>
          )}
        </div>
      )}
    </Card>
  )
}
