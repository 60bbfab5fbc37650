'use client'

import { useMemo } from 'react'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { RelativeTime } from '@/components/relative-time/relative-time'
import type { Server } from '@/lib/admin/servers'
import {
  formatBytes,
  formatDuration,
  formatNumberOf,
  formatPercent,
  unknown,
} from '@/lib/ui/format'
import { ServerActs } from './server-acts'
import { renderLabels } from './server-labels'
import { ServerState, stateWords } from './server-state'
import { Slots } from './slots'
import { ServerUptime } from './uptime'

export function ServersTable({
  servers,
  layout,
  nowMs,
  mayManage,
  refresh,
}: {
  servers: readonly Server[]
  layout: string | undefined
  nowMs: number
  mayManage: boolean
  refresh: () => Promise<void>
}) {
  const columns = useMemo(
    () => [...figures(nowMs), ...(mayManage ? [acts(refresh)] : [])],
    [nowMs, mayManage, refresh],
  )
  return (
    <DataTable
      id="servers"
      label="Servers"
      columns={columns}
      rows={servers}
      getRowId={({ id }) => id}
      getRowHref={({ id }) => `/console/servers/${id}`}
      layout={layout}
      sorting="browser"
      toolbar={
        <p className="flex h-control items-center text-muted-foreground text-sm">
          {summaryOf(servers)}
        </p>
      }
    />
  )
}

/** `5 servers, 1 down`: only what needs somebody is named. */
function summaryOf(servers: readonly Server[]): string {
  const count = (health: Server['health']) => servers.filter((one) => one.health === health).length
  const parts = [
    [count('unhealthy'), 'down'],
    [count('degraded'), 'degraded'],
    [count('draining'), 'draining'],
    [count('disabled'), 'disabled'],
  ] as const
  const named = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  return [formatNumberOf(servers.length, 'server'), ...named].join(', ')
}

const worst: Record<Server['health'], number> = {
  unhealthy: 0,
  degraded: 1,
  unknown: 2,
  draining: 3,
  healthy: 4,
  disabled: 5,
}

function figures(nowMs: number): Column<Server>[] {
  return [
    {
      id: 'name',
      header: 'Server',
      width: 136,
      grow: true,
      isSortable: true,
      card: 'title',
      isCopyable: true,
      cell: ({ name }) => <span className="font-mono">{name}</span>,
      value: ({ name }) => name,
    },
    {
      id: 'state',
      header: 'State',
      width: 112,
      isSortable: true,
      card: 'value',
      cell: (server) => <ServerState server={server} />,
      value: (server) => worst[server.health],
    },
    {
      id: 'since',
      yields: true,
      header: 'Since',
      width: 84,
      isSortable: true,
      cell: ({ sinceMs, downSinceMs }) => (
        <RelativeTime ms={downSinceMs ?? sinceMs} nowMs={nowMs} />
      ),
      value: ({ sinceMs, downSinceMs }) => downSinceMs ?? sinceMs,
    },
    {
      id: 'uptime',
      header: 'Uptime',
      unit: '24 h',
      width: 172,
      isSortable: true,
      cell: ({ uptime }) => (
        <span className="flex w-full items-center gap-2.5">
          <ServerUptime uptime={uptime} className="h-4 w-24 shrink-0" />
          <span>{formatPercent(uptime.upShare)}</span>
        </span>
      ),
      value: ({ uptime }) => uptime.upShare,
    },
    {
      id: 'slots',
      header: 'Slots',
      width: 116,
      isSortable: true,
      card: 'end',
      cell: (server) => <Slots {...server} />,
      value: ({ inFlight, maxParallel }) => inFlight / maxParallel,
    },
    {
      id: 'loaded',
      header: 'Loaded',
      align: 'right',
      width: 84,
      isSortable: true,
      cell: ({ loadedCount }) => loadedCount,
      value: ({ loadedCount }) => loadedCount,
    },
    {
      id: 'models',
      yields: true,
      header: 'Models',
      align: 'right',
      width: 84,
      isSortable: true,
      cell: ({ modelCount }) => modelCount ?? unknown,
      value: ({ modelCount }) => modelCount,
    },
    {
      id: 'latency',
      yields: true,
      header: 'Latency',
      align: 'right',
      width: 88,
      isSortable: true,
      cell: ({ latencyMs }) => formatDuration(latencyMs),
      value: ({ latencyMs }) => latencyMs,
    },
    {
      id: 'version',
      yields: true,
      header: 'Version',
      width: 76,
      isSortable: true,
      cell: ({ version }) => version ?? unknown,
      value: ({ version }) => version,
    },
    {
      id: 'address',
      yields: true,
      header: 'Address',
      width: 146,
      isSortable: true,
      isCopyable: true,
      card: 'detail',
      cell: ({ url }) => <span className="font-mono">{url.replace(/^http:\/\//, '')}</span>,
      value: ({ url }) => url,
    },
    {
      id: 'memory',
      header: 'Memory',
      align: 'right',
      width: 90,
      isSortable: true,
      isHiddenAtFirst: true,
      cell: ({ maxMemoryGb }) => formatBytes(maxMemoryGb === null ? null : maxMemoryGb * 1e9),
      value: ({ maxMemoryGb }) => maxMemoryGb,
    },
    {
      id: 'priority',
      header: 'Priority',
      align: 'right',
      width: 80,
      isSortable: true,
      isHiddenAtFirst: true,
      cell: ({ priority }) => priority,
      value: ({ priority }) => priority,
    },
    {
      id: 'weight',
      header: 'Weight',
      align: 'right',
      width: 80,
      isSortable: true,
      isHiddenAtFirst: true,
      cell: ({ weight }) => weight,
      value: ({ weight }) => weight,
    },
    {
      id: 'labels',
      header: 'Labels',
      width: 160,
      isHiddenAtFirst: true,
      cell: ({ labels }) => renderLabels(labels) || unknown,
      value: ({ labels }) => renderLabels(labels),
    },
    {
      id: 'words',
      header: 'What is wrong',
      width: 240,
      isHiddenAtFirst: true,
      cell: (server) => troubleOf(server) ?? unknown,
      value: (server) => troubleOf(server),
    },
  ]
}

function acts(refresh: () => Promise<void>): Column<Server> {
  return {
    id: 'acts',
    header: 'Acts',
    width: 52,
    isHideable: false,
    align: 'right',
    cell: (server) => <ServerActs server={server} refresh={refresh} />,
  }
}

/** In a sentence, for one that is not well. */
export function troubleOf(server: Server): string | null {
  if (server.health !== 'unhealthy' && server.health !== 'degraded') return null
  return server.lastError === null
    ? `${server.name} is ${stateWords(server).toLowerCase()}.`
    : `${server.name} ${server.lastError}.`
}
