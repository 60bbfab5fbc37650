'use client'

import { useState } from 'react'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { StatusBadge, type Tone } from '@/components/status-badge/status-badge'
import { Button } from '@/components/ui/button'
import type { ServerPage } from '@/lib/admin/servers'
import { cutMiddle, formatDuration, formatNumberOf } from '@/lib/ui/format'

const shownAtFirst = 8

type Change = ServerPage['history'][number]

const looks: Record<Change['health'], { tone: Tone; words: string }> = {
  healthy: { tone: 'good', words: 'Healthy' },
  degraded: { tone: 'warn', words: 'Degraded' },
  unhealthy: { tone: 'bad', words: 'Down' },
  draining: { tone: 'draining', words: 'Draining' },
  disabled: { tone: 'off', words: 'Disabled' },
  unknown: { tone: 'unknown', words: 'Unknown' },
}

/** What its gateways saw, the newest first. */
export function ServerHistory({ history, nowMs }: Pick<ServerPage, 'history'> & { nowMs: number }) {
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? history : history.slice(0, shownAtFirst)
  const gateways = history.filter(({ isCurrent }) => isCurrent).length
  if (history.length === 0) {
    return <p className="text-muted-foreground text-sm">No change of health in the last 30 days.</p>
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <ol className="w-full divide-y text-sm">
        {shown.map((change) => (
          <li
            key={`${change.nodeId} ${change.atMs} ${change.health}`}
            className="grid grid-cols-[6.5rem_minmax(0,1fr)_auto] items-baseline gap-x-3 py-1.5"
          >
            <StatusBadge tone={looks[change.health].tone} quiet={change.health === 'healthy'}>
              {looks[change.health].words}
            </StatusBadge>
            <span className="wrap-anywhere min-w-0 text-muted-foreground">
              {change.untilMs !== null && `for ${formatDuration(change.untilMs - change.atMs)}`}
              {change.isCurrent && 'since then'}
              {isTrouble(change) && `: ${change.error}`}
              {gateways > 1 && <code className="text-xs"> {cutMiddle(change.nodeId)}</code>}
            </span>
            <RelativeTime ms={change.atMs} nowMs={nowMs} className="text-muted-foreground" />
          </li>
        ))}
      </ol>
      {history.length > shown.length && (
        <Button variant="ghost" className="-ml-3" onClick={() => setShowsAll(true)}>
          Show {formatNumberOf(history.length - shown.length, 'earlier change')}
        </Button>
      )}
    </div>
  )
}

function isTrouble({ health, error }: Change): boolean {
  return error !== null && (health === 'unhealthy' || health === 'degraded')
}
