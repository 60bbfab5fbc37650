'use client'

import { useEffect, useState } from 'react'
import { clockOffset } from '@/lib/ui/server-clock'

const tickMs = 1000

/** The server's time, each second while the page is seen: `renderedAtMs` until it is alive. */
export function useNow(renderedAtMs: number): number {
  const [nowMs, setNowMs] = useState(renderedAtMs)
  useEffect(() => {
    const offsetMs = clockOffset({ serverMs: renderedAtMs, readerMs: Date.now() })
    const tick = () => {
      if (!document.hidden) setNowMs(Date.now() + offsetMs)
    }
    tick()
    const timer = setInterval(tick, tickMs)
    return () => clearInterval(timer)
  }, [renderedAtMs])
  return nowMs
}
