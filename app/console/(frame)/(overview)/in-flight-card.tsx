'use client'

import { useRef, useState } from 'react'
import { toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import type { InFlight } from '@/lib/admin/node-figures'
import { cn } from '@/lib/ui/cn'
import { formatBytes, formatCount, formatDuration, formatNumberOf } from '@/lib/ui/format'
import { largestUnit } from '@/lib/ui/format-time'
import { useNow } from '../use-now'
import { stopRequest } from './actions'
import { holdRows, type InFlightRow } from './in-flight-rows'

const shownMax = 50

/** What is on its way now, the oldest first, each with Stop where this person may. */
export function InFlightCard({
  inFlight,
  nowMs,
  isOwn,
}: {
  inFlight: InFlight
  nowMs: number
  isOwn: boolean
}) {
  const now = useNow(nowMs)
  const [isPointed, setIsPointed] = useState(false)
  const [isFocused, setIsFocused] = useState(false)
  const [stopping, setStopping] = useState<ReadonlySet<string>>(new Set())
  const before = useRef<InFlightRow[]>([])
  const rows = holdRows(before.current, inFlight.exchanges, isPointed || isFocused).slice(
    0,
    shownMax,
  )
  before.current = rows
  const more = inFlight.count - inFlight.exchanges.length

  const stop = async (row: InFlightRow) => {
    setStopping((ids) => new Set(ids).add(row.id))
    const result = await stopRequest(row.id)
    if (result.ok) return
    setStopping((ids) => new Set([...ids].filter((id) => id !== row.id)))
    if (result.error.code !== 'admin.not_found') {
      toastProblem(`${row.model ?? 'The request'} was not stopped`, result.error.message)
    }
  }

  return (
    <Card aria-labelledby="overview-in-flight" className="xl:min-h-64">
      <CardHeader>
        <CardTitle id="overview-in-flight">
          In flight <span className="font-normal">{formatCount(inFlight.count)}</span>
        </CardTitle>
      </CardHeader>
      {rows.length === 0 ? (
        <CardContent className="m-auto text-muted-foreground text-sm">
          {isOwn ? 'Nothing of yours is on its way' : 'Nothing is on its way'}
        </CardContent>
      ) : (
        <ul
          className="scrollbar-quiet max-h-[420px] overflow-y-auto pb-1"
          onPointerEnter={() => setIsPointed(true)}
          onPointerLeave={() => setIsPointed(false)}
          // Where a mouse has clicked does not count: its pointer says where it is.
          onFocus={({ target }) => setIsFocused(target.matches(':focus-visible'))}
          onBlur={() => setIsFocused(false)}
        >
          {rows.map((row) => (
            <InFlightItem
              key={row.id}
              row={row}
              elapsed={elapsedWords(now - row.startedAtMs)}
              isStopping={stopping.has(row.id)}
              onStop={() => void stop(row)}
            />
          ))}
        </ul>
      )}
      {more > 0 && (
        <p className="border-t px-4 py-2 text-muted-foreground text-sm">
          {formatNumberOf(more, 'younger one')} not listed
        </p>
      )}
    </Card>
  )
}

function InFlightItem({
  row,
  elapsed,
  isStopping,
  onStop,
}: {
  row: InFlightRow
  elapsed: string
  isStopping: boolean
  onStop: () => void
}) {
  const { model, operation, hasEnded } = row
  return (
    <li
      className={cn(
        'flex items-center gap-3 border-t px-4 py-1.5 text-sm first:border-t-0',
        hasEnded && 'text-muted-foreground',
      )}
    >
      <span className="w-16 shrink-0 text-right">{hasEnded ? 'ended' : elapsed}</span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-mono" title={model ?? undefined}>
          {model ?? operation ?? '–'}
        </span>
        <span className="block truncate text-muted-foreground text-xs" title={row.id}>
          {describe(row)}
        </span>
      </span>
      {row.mayStop && (
        <Button
          variant="outline"
          size="sm"
          // Not `disabled`: the focus would be lost.
          aria-disabled={isStopping || hasEnded}
          onClick={isStopping || hasEnded ? undefined : onStop}
          aria-label={`Stop ${model ?? operation ?? row.id}`}
          className="w-20"
        >
          {isStopping && !hasEnded ? 'Stopping…' : 'Stop'}
        </Button>
      )}
    </li>
  )
}

const states: Record<InFlightRow['state'], string> = {
  queued: 'waits for a slot',
  dialling: 'waits for',
  streaming: 'streams from',
}

function describe(row: InFlightRow): string {
  const who = [row.principal, row.keyName].filter(Boolean).join(' / ')
  const where = row.state === 'queued' ? states.queued : `${states[row.state]} ${row.backendName}`
  const size = row.bytesOut ? formatBytes(row.bytesOut) : ''
  return [who, where, size].filter(Boolean).join(', ')
}

/** Whole seconds: a tenth that changes is noise. */
function elapsedWords(ms: number): string {
  return ms < 60_000 ? largestUnit(Math.max(0, ms)) : formatDuration(Math.floor(ms / 1000) * 1000)
}
