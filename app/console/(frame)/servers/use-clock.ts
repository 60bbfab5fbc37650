'use client'

import { useEffect, useState } from 'react'

const tickMs = 1000

/** The browser's clock, each second while the page is seen; null at first paint. */
export function useClock(): number | null {
  const [nowMs, setNowMs] = useState<number | null>(null)
  useEffect(() => {
    setNowMs(Date.now())
    const timer = setInterval(() => {
      if (!document.hidden) setNowMs(Date.now())
    }, tickMs)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
