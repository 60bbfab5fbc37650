'use client'

import { useEffect, useState } from 'react'

const tickMs = 1000
/** Beyond this the reader's clock is wrong, and not only the way here long. */
const trustedMs = 10_000

/** The server's time, each second: `renderedAtMs` until the page is alive. */
export function useNow(renderedAtMs: number): number {
  const [nowMs, setNowMs] = useState(renderedAtMs)
  useEffect(() => {
    const away = renderedAtMs - Date.now()
    const offsetMs = Math.abs(away) < trustedMs ? 0 : away
    const tick = () => setNowMs(Date.now() + offsetMs)
    tick()
    const timer = setInterval(tick, tickMs)
    return () => clearInterval(timer)
  }, [renderedAtMs])
  return nowMs
}
