'use client'

import { Link } from '@/components/link/link'
import { StatusBadge, type Tone } from '@/components/status-badge/status-badge'
import { Card, CardAction, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import type { ServerFigure } from '@/lib/admin/node-figures'
import { cn } from '@/lib/ui/cn'
import { formatBytes, formatBytesOf, formatDuration, formatNumberOf } from '@/lib/ui/format'
import { largestUnit } from '@/lib/ui/format-time'
import { useNow } from '../use-now'

const shownMax = 12
const tones: Record<ServerFigure['health'], Tone> = {
  healthy: 'good',
  degraded: 'warn',
  unhealthy: 'bad',
  draining: 'draining',
  disabled: 'off',
  unknown: 'unknown',
}
const words: Record<ServerFigure['health'], string> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  unhealthy: 'Down',
  draining: 'Draining',
  disabled: 'Disabled',
  unknown: 'Unknown',
}
const worstFirst = Object.keys(tones) as ServerFigure['health'][]
const rank: Record<string, number> = { unhealthy: 0, degraded: 1, unknown: 2 }

/** Each server: state, busy slots, what it holds in memory. Those in trouble never fall off. */
export function ServersStrip({
  servers,
  nowMs,
}: {
  servers: readonly ServerFigure[]
  nowMs: number
}) {
  const now = useNow(nowMs)
  const shown =
    servers.length <= shownMax
      ? servers
      : servers.toSorted((a, b) => (rank[a.health] ?? 3) - (rank[b.health] ?? 3)).slice(0, shownMax)
  const counts = worstFirst.flatMap((health) => {
    const count = servers.filter((one) => one.health === health).length
    return count === 0 ? [] : [`${count} ${words[health].toLowerCase()}`]
  })
  return (
    <Card aria-labelledby="overview-servers">
      <CardHeader>
        <CardTitle id="overview-servers">
          Servers{' '}
          <span className="font-normal text-muted-foreground text-xs">{counts.join(', ')}</span>
        </CardTitle>
        <CardAction className="min-h-control-sm pr-1.5">
          <Link href="/console/servers" className="text-link text-sm">
            All servers
          </Link>
        </CardAction>
      </CardHeader>
      {servers.length === 0 ? (
        <CardContent className="text-muted-foreground text-sm">
          No servers yet. A server runs the models that answer.
        </CardContent>
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(15.5rem,100%),1fr))] gap-2 p-3 pt-1.5">
          {shown.map((server) => (
            <ServerCell key={server.id} server={server} nowMs={now} />
          ))}
        </ul>
      )}
      {servers.length > shown.length && (
        <p className="px-4 pb-3 text-muted-foreground text-sm">
          {formatNumberOf(servers.length - shown.length, 'more server')} not shown
        </p>
      )}
    </Card>
  )
}

function ServerCell({ server, nowMs }: { server: ServerFigure; nowMs: number }) {
  const { name, health, inFlight, maxParallel, loaded, loadedBytes, memoryBytes } = server
  const isDown = health === 'unhealthy'
  const downFor =
    isDown && server.downSinceMs !== null
      ? ` ${largestUnit(Math.max(1000, nowMs - server.downSinceMs))}`
      : ''
  const names = loaded.map((model) => model.name)
  return (
    <li className="relative flex min-w-0 flex-col gap-1.5 rounded-md border px-3 py-2.5 transition-colors duration-100 hover:border-input">
      <div className="flex min-w-0 items-center justify-between gap-2">
        <Link
          href={`/console/servers/${encodeURIComponent(server.id)}`}
          title={name}
          className="min-w-0 truncate rounded-sm font-medium font-mono text-sm after:absolute after:inset-0 after:rounded-md after:content-['']"
        >
          {name}
        </Link>
        <StatusBadge tone={tones[health]} quiet={health === 'healthy'} className="shrink-0">
          {words[health]}
          {downFor}
        </StatusBadge>
      </div>
      <div className="flex items-center gap-2">
        <Slots used={inFlight} of={maxParallel} />
        <span className="shrink-0 text-muted-foreground text-xs">
          {inFlight}/{maxParallel} busy
        </span>
      </div>
      {isDown ? (
        <p className="truncate text-destructive-text text-xs" title={server.lastError ?? undefined}>
          {server.lastError ?? 'Its health checks fail'}
        </p>
      ) : (
        <p className="flex min-w-0 justify-between gap-2 text-muted-foreground text-xs">
          <span className="min-w-0 truncate font-mono" title={names.join('\n') || undefined}>
            {names.length === 0 ? (
              <span className="font-sans">
                {server.latencyMs === null
                  ? 'Nothing loaded'
                  : `Nothing loaded, ${formatDuration(server.latencyMs)}`}
              </span>
            ) : (
              `${names[0]}${names.length > 1 ? ` +${names.length - 1}` : ''}`
            )}
          </span>
          <span className="shrink-0">
            {memoryBytes === null
              ? loadedBytes > 0 && formatBytes(loadedBytes)
              : formatBytesOf(loadedBytes, memoryBytes)}
          </span>
        </p>
      )}
    </li>
  )
}

const boxesMax = 16

/** One box a slot; of many slots a bar. The figure stands beside it. */
function Slots({ used, of }: { used: number; of: number }) {
  if (of > boxesMax) {
    return (
      <span
        aria-hidden="true"
        className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-accent"
      >
        <span
          className="block h-full rounded-full bg-chart-1"
          style={{ width: `${Math.min(100, (used / of) * 100)}%` }}
        />
      </span>
    )
  }
  return (
    <span aria-hidden="true" className="flex min-w-0 flex-1 gap-0.5">
      {Array.from({ length: of }, (_, place) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: slots are known by their place
          key={place}
          className={cn('h-1.5 flex-1 rounded-full', place < used ? 'bg-chart-1' : 'bg-accent')}
        />
      ))}
    </span>
  )
}
