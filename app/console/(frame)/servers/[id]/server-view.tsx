'use client'

import dynamic from 'next/dynamic'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { type ReactNode, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { Copyable } from '@/components/copy/copyable'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { PageCrumbs } from '@/components/shell/crumbs'
import { Page } from '@/components/shell/page'
import { Facts } from '@/components/side-sheet/facts'
import { StaleProblem } from '@/components/states/stale-problem'
import { Note } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { Card, CardAction, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import type { BackendCheck } from '@/lib/admin/check-backend'
import type { Server, ServerPage } from '@/lib/admin/servers'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatShare,
  formatSpeed,
} from '@/lib/ui/format'
import { tryServer } from '../actions'
import { MemoryShelves } from '../memory-shelf'
import { ServerActs } from '../server-acts'
import { renderLabels } from '../server-labels'
import { circuitWords, ServerState } from '../server-state'
import { troubleOf } from '../servers-table'
import { Slots } from '../slots'
import { TestResult } from '../test-result'
import { ServerUptime, uptimeWords } from '../uptime'
import { Figures } from './figures'
import { ServerChanges } from './server-changes'
import { ServerHistory } from './server-history'
import { ServerModels } from './server-models'

const ServerDialog = dynamic(() => import('../server-dialog').then((m) => m.ServerDialog))

export function ServerView({
  initial,
  nowMs,
  mayManage,
}: {
  initial: ServerPage
  /** When the server rendered. */
  nowMs: number
  mayManage: boolean
}) {
  const { id } = initial.server
  const { data, problem, asOfMs, refresh } = useLive({
    key: ['server', id],
    url: `/console/data/servers/${encodeURIComponent(id)}`,
    initialData: initial,
  })
  const [isEditing, setIsEditing] = useQueryState(
    'edit',
    parseAsBoolean.withDefault(false).withOptions({ history: 'push' }),
  )
  const { server, usage } = data
  const trouble = troubleOf(server)
  const requests = `/console/requests?range=24h&server=${encodeURIComponent(id)}`
  return (
    <Page
      title={
        <span className="font-mono" title={server.name}>
          {server.name}
        </span>
      }
      badge={<ServerState server={server} quiet={false} />}
      actions={
        <>
          <LiveButton />
          {mayManage && <ServerActs server={server} refresh={refresh} isOnPage />}
        </>
      }
    >
      <PageCrumbs crumbs={[{ label: server.name }]} />
      <StaleProblem problem={problem} asOfMs={asOfMs} refresh={refresh} />
      {data.gateways === 0 && (
        <Note tone="warning">
          No gateway has reported in the last 10 s: the health of this server is not known.
        </Note>
      )}
      {trouble && (
        <Note tone="warning">
          {trouble} {server.downSinceMs !== null && <Since ms={server.downSinceMs} now={nowMs} />}
        </Note>
      )}
      <Figures
        figures={[
          {
            label: 'Uptime, 24 h',
            value: formatPercent(server.uptime.upShare),
            second: server.uptime.downMs > 0 && `down ${formatDuration(server.uptime.downMs)}`,
          },
          { label: 'Requests, 24 h', value: formatCount(usage.requests), href: requests },
          {
            label: 'Failed, 24 h',
            value: formatShare(usage.failed, usage.requests),
            second: usage.failed > 0 && formatCount(usage.failed),
            href: `${requests}&outcome=failed`,
          },
          { label: 'First token, p50', value: formatDuration(usage.timeToFirstTokenMsP50) },
          { label: 'Speed, p50', value: formatSpeed(usage.tokensPerSecondP50) },
          { label: 'Slots in use', value: `${server.inFlight} of ${server.maxParallel}` },
        ]}
      />
      <MemoryShelves shelf={data.shelf} renderedAtMs={nowMs} isLinked={false} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <AboutCard server={server} data={data} nowMs={nowMs} mayManage={mayManage} />
        <div className="flex min-w-0 flex-col gap-4">
          <Card>
            <CardHeader>
              <CardTitle>Health</CardTitle>
            </CardHeader>
            <CardContent className="flex flex-col gap-3">
              <ServerUptime uptime={server.uptime} className="h-8" />
              <p className="text-muted-foreground text-xs">{uptimeWords(server.uptime)}</p>
              <ServerHistory history={data.history} nowMs={nowMs} />
            </CardContent>
          </Card>
          <ServerModels data={data} nowMs={nowMs} />
          <ServerChanges changes={data.changes} nowMs={nowMs} />
        </div>
      </div>
      {isEditing && mayManage && (
        <ServerDialog server={server} onClose={() => void setIsEditing(null)} onSaved={refresh} />
      )}
    </Page>
  )
}

function Since({ ms, now }: { ms: number; now: number }) {
  return (
    <>
      It went down <RelativeTime ms={ms} nowMs={now} />.
    </>
  )
}

function AboutCard({
  server,
  data,
  nowMs,
  mayManage,
}: {
  server: Server
  data: ServerPage
  nowMs: number
  mayManage: boolean
}) {
  const [check, setCheck] = useState<BackendCheck | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isTesting, startTesting] = useTransition()
  const test = () =>
    startTesting(async () => {
      const { id, url, kind } = server
      const result = await tryServer({ url, kind, credential: null, id })
      setProblem(result.ok ? null : result.error.message)
      setCheck(result.ok ? result.check : null)
    })
  return (
    <Card>
      <CardHeader>
        <CardTitle>About</CardTitle>
        {mayManage && (
          <CardAction>
            <AsCommand args={['backends', 'check', server.name]} isIcon />
            <Button variant="outline" onClick={test} disabled={isTesting}>
              {isTesting ? 'Testing…' : 'Test server'}
            </Button>
          </CardAction>
        )}
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        <div aria-live="polite" className="empty:hidden">
          {check && <TestResult check={check} />}
          {problem && <p className="text-destructive-text text-sm">{problem}</p>}
        </div>
        <Facts facts={factsOf(server, data, nowMs)} />
      </CardContent>
    </Card>
  )
}

function factsOf(
  server: Server,
  { modelsAtMs }: ServerPage,
  nowMs: number,
): { label: string; value: ReactNode }[] {
  const { operations, models, requestsPerMinute } = server
  return [
    { label: 'Address', value: <Copyable text={server.url} what="address" /> },
    { label: 'Speaks', value: server.kind === 'ollama' ? 'Ollama' : 'OpenAI only' },
    { label: 'Version', value: server.version ?? '–' },
    { label: 'Latency', value: formatDuration(server.latencyMs) },
    { label: 'Slots', value: <Slots {...server} /> },
    { label: 'Circuit', value: circuitWords(server.circuit) },
    { label: 'State since', value: <RelativeTime ms={server.sinceMs} nowMs={nowMs} /> },
    {
      label: 'Memory',
      value: server.maxMemoryGb === null ? 'Not set' : formatBytes(server.maxMemoryGb * 1e9),
    },
    { label: 'Priority', value: `${server.priority}, lower comes first` },
    { label: 'Weight', value: server.weight },
    { label: 'Labels', value: renderLabels(server.labels) || 'None' },
    {
      label: 'Limit',
      value: requestsPerMinute === null ? 'None' : `${formatCount(requestsPerMinute)} a minute`,
    },
    { label: 'May be sent', value: operations === null ? 'Everything' : operations.join(', ') },
    {
      label: 'Models allowed',
      value: models.allow.join(', ') === '*' ? 'Every one' : models.allow.join(', ') || 'None',
    },
    ...(models.deny.length > 0 ? [{ label: 'Not allowed', value: models.deny.join(', ') }] : []),
    { label: 'Checked by', value: `${server.healthMethod} ${server.healthPath}` },
    { label: 'Credential', value: server.hasCredential ? 'Stored, sealed' : 'None' },
    { label: 'Models read', value: <RelativeTime ms={modelsAtMs} nowMs={nowMs} absent="never" /> },
  ]
}
