'use client'

import { useQueryClient } from '@tanstack/react-query'
import { ServerIcon } from 'lucide-react'
import dynamic from 'next/dynamic'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useCallback } from 'react'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { Page } from '@/components/shell/page'
import { StaleProblem } from '@/components/states/stale-problem'
import { EmptyNew, Note } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import type { ServersPage } from '@/lib/admin/servers'
import { formatExact } from '@/lib/ui/format'
import { MemoryShelves } from './memory-shelf'
import { ServersTable, troubleOf } from './servers-table'

const ServerDialog = dynamic(() => import('./server-dialog').then((m) => m.ServerDialog))

export function ServersView({
  initial,
  layout,
  nowMs,
  mayManage,
}: {
  initial: ServersPage
  layout: string | undefined
  /** When the server rendered. */
  nowMs: number
  mayManage: boolean
}) {
  const { data, problem, asOfMs, refresh } = useLive({
    key: ['servers'],
    url: '/console/data/servers',
    initialData: initial,
  })
  const [isAdding, setIsAdding] = useQueryState(
    'add',
    parseAsBoolean.withDefault(false).withOptions({ history: 'push' }),
  )
  const client = useQueryClient()
  const look = useCallback(() => client.refetchQueries({ queryKey: ['servers'] }), [client])
  const add = mayManage ? (
    <Button onClick={() => void setIsAdding(true)}>Add server</Button>
  ) : undefined
  const troubles = data.servers.flatMap((server) => troubleOf(server) ?? [])
  return (
    <Page
      title="Servers"
      actions={
        <>
          <LiveButton />
          {data.servers.length > 0 && add}
        </>
      }
    >
      <StaleProblem problem={problem} asOfMs={asOfMs} refresh={refresh} />
      {data.gateways === 0 && (
        <Note tone="warning">
          No gateway has reported in the last 10 s: the health of the servers is not known.
        </Note>
      )}
      {troubles.length > 0 && (
        <Note tone="warning">
          {troubles.slice(0, 3).join(' ')}
          {troubles.length > 3 && ` ${formatExact(troubles.length - 3)} more.`}
        </Note>
      )}
      {data.servers.length === 0 ? (
        <Card>
          <EmptyNew icon={ServerIcon} title="No servers yet" action={add}>
            A server is a machine that runs Ollama. Corral sends it requests and watches its health.
          </EmptyNew>
        </Card>
      ) : (
        <>
          <ServersTable
            servers={data.servers}
            layout={layout}
            nowMs={nowMs}
            mayManage={mayManage}
            refresh={look}
          />
          <MemoryShelves shelf={data.shelf} renderedAtMs={nowMs} />
        </>
      )}
      {isAdding && mayManage && (
        <ServerDialog onClose={() => void setIsAdding(null)} onSaved={look} />
      )}
    </Page>
  )
}
