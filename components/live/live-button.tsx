'use client'

import { PauseIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useShortcut } from '@/components/kbd/use-shortcut'
import { Button } from '@/components/ui/button'
import { Tooltip } from '@/components/ui/tooltip'
import { cn } from '@/lib/ui/cn'
import { largestUnit } from '@/lib/ui/format-time'
import { useLiveState } from './live'

/** `Live`, `Paused`, `Stale 14 s`, `Offline`; L toggles it. Nothing where the range has an end. */
export function LiveButton() {
  const live = useLiveState()
  const isOn = live !== null && live.state !== 'off'
  const isPaused = live?.state === 'paused'
  const toggle = () => live?.setPaused(!isPaused)
  useShortcut('l', toggle, { isOn })
  const age = useAge(live?.state === 'stale' ? live.staleSinceMs : null)
  if (!live || live.state === 'off') return null
  const { label, hint } = words(live.state, age)
  return (
    <Tooltip words={() => hint}>
      <Button
        variant="outline"
        aria-pressed={!isPaused}
        aria-label={label}
        onClick={toggle}
        className="min-w-22 justify-start"
      >
        {isPaused ? (
          <PauseIcon className="size-3.5" />
        ) : (
          <span
            aria-hidden="true"
            className={cn(
              'mx-0.5 size-2 shrink-0 rounded-full',
              live.state === 'live' ? 'bg-primary' : 'border-2 border-warning',
            )}
          />
        )}
        <span aria-hidden="true">{label}</span>
        <span role="status" className="sr-only">
          {live.state === 'stale' ? 'Figures are stale' : label}
        </span>
      </Button>
    </Tooltip>
  )
}

function words(state: 'live' | 'paused' | 'stale' | 'offline', age: string) {
  switch (state) {
    case 'live':
      return { label: 'Live', hint: 'New figures come by themselves. L pauses.' }
    case 'paused':
      return { label: 'Paused', hint: 'Figures stand still. L goes on.' }
    case 'stale':
      return {
        label: `Stale ${age}`.trim(),
        hint: 'The console did not answer; it is asked again.',
      }
    case 'offline':
      return { label: 'Offline', hint: 'This device has no network.' }
  }
}

function useAge(sinceMs: number | null): string {
  const [nowMs, setNowMs] = useState(0)
  useEffect(() => {
    if (sinceMs === null) return
    setNowMs(Date.now())
    const timer = setInterval(() => setNowMs(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [sinceMs])
  return sinceMs === null || nowMs < sinceMs ? '' : largestUnit(nowMs - sinceMs)
}
