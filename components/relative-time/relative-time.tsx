'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { useOwnZone, useZone } from '@/components/shell/zone'
import { Tooltip } from '@/components/ui/tooltip'
import { cn } from '@/lib/ui/cn'
import { unknown } from '@/lib/ui/format'
import { formatLogTime, formatMoment, formatRelative, listMoments } from '@/lib/ui/format-time'

/**
 * `3 m ago`; hovered or focused it tells the zone, the reader's own time, UTC and ISO. At first
 * paint it is the server's `nowMs`, so that nothing jumps.
 */
export function RelativeTime({
  ms,
  nowMs,
  absent = unknown,
  className,
}: {
  ms: number | null
  /** When the server rendered. Left out, the absolute time shows until the page is alive. */
  nowMs?: number
  /** What stands there when there is none: `never`. */
  absent?: string
  className?: string
}) {
  const zone = useZone()
  const now = useNow(nowMs)
  if (ms === null) return <span className={cn('text-muted-foreground', className)}>{absent}</span>
  const text = now === null ? formatMoment(ms, zone, 'minute') : formatRelative(ms, now, zone)
  return (
    <TimeHint ms={ms} className={className}>
      {text}
    </TimeHint>
  )
}

/** `14:02:31.482` of a log, or `12 Oct 2026, 14:02:31`, with the same hint. */
export function AbsoluteTime({
  ms,
  precision = 'log',
  className,
}: {
  ms: number | null
  precision?: 'log' | 'minute' | 'second' | 'millisecond'
  className?: string
}) {
  const zone = useZone()
  if (ms === null) return <span className={className}>{unknown}</span>
  return (
    <TimeHint ms={ms} className={className}>
      {precision === 'log' ? formatLogTime(ms, zone) : formatMoment(ms, zone, precision)}
    </TimeHint>
  )
}

function TimeHint({
  ms,
  className,
  children,
}: {
  ms: number
  className?: string
  children: string
}) {
  const zone = useZone()
  const ownZone = useOwnZone()
  return (
    <Tooltip
      words={() => (
        <dl className="grid grid-cols-[auto_auto] gap-x-3">
          {listMoments(ms, zone, ownZone).map(({ label, text }) => (
            <div key={label} className="contents">
              <dt className="text-muted-foreground">{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    >
      <time dateTime={new Date(ms).toISOString()} className={cn('whitespace-nowrap', className)}>
        {children}
      </time>
    </Tooltip>
  )
}

const tickMs = 5000
let shared = 0
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

/** One clock for all times of a page; the server's own until the page is alive. */
function useNow(serverNowMs: number | undefined): number | null {
  const [isAlive, setIsAlive] = useState(false)
  useEffect(() => setIsAlive(true), [])
  const now = useSyncExternalStore(
    listen,
    () => shared,
    () => 0,
  )
  if (!isAlive || now === 0) return serverNowMs ?? null
  return Math.max(now, serverNowMs ?? 0)
}

function listen(changed: () => void): () => void {
  listeners.add(changed)
  shared ||= Date.now()
  timer ??= setInterval(() => {
    shared = Date.now()
    for (const tell of listeners) tell()
  }, tickMs)
  return () => {
    listeners.delete(changed)
    if (listeners.size === 0 && timer) {
      clearInterval(timer)
      timer = null
      shared = 0
    }
  }
}
