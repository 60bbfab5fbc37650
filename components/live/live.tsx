'use client'

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { type LiveClock, makeLiveClock } from '@/lib/ui/live-clock'

/** `off` where a range does not end now: nothing to be live about. */
export type LiveState = 'live' | 'paused' | 'stale' | 'offline' | 'off'

type Live = {
  clock: LiveClock
  state: LiveState
  /** While it is stale: when the last answer came, changed or not. */
  staleSinceMs: number | null
  setPaused: (isPaused: boolean) => void
  note: (outcome: 'answered' | 'failed') => void
}

const LiveContext = createContext<Live | null>(null)

/** Around a page that is live. One scheduler for all of its polls. */
export function LiveProvider({
  isOn = true,
  children,
}: {
  /** False for an absolute range. */
  isOn?: boolean
  children: ReactNode
}) {
  const [isPaused, setIsPaused] = useState(false)
  // An answer renders nothing by itself; at first there is what the server rendered.
  const answeredAtMs = useRef(0)
  const [staleSinceMs, setStaleSinceMs] = useState<number | null>(null)
  const [isOffline, setIsOffline] = useState(false)
  const clock = useMemo(() => makeLiveClock(browserTicking), [])

  useEffect(() => {
    answeredAtMs.current = Date.now()
  }, [])

  useEffect(() => {
    if (!isOn || isPaused) clock.pause()
    else clock.resume()
    return () => clock.pause()
  }, [clock, isOn, isPaused])

  useEffect(() => {
    const see = () => (document.visibilityState === 'hidden' ? clock.hide() : clock.show())
    const connect = () => {
      setIsOffline(!navigator.onLine)
      if (navigator.onLine) clock.hurry()
    }
    see()
    document.addEventListener('visibilitychange', see)
    window.addEventListener('online', connect)
    window.addEventListener('offline', connect)
    return () => {
      document.removeEventListener('visibilitychange', see)
      window.removeEventListener('online', connect)
      window.removeEventListener('offline', connect)
    }
  }, [clock])

  const note = useCallback((outcome: 'answered' | 'failed') => {
    if (outcome === 'answered') answeredAtMs.current = Date.now()
    setStaleSinceMs(outcome === 'failed' ? answeredAtMs.current : null)
  }, [])

  const state = stateOf({ isOn, isPaused, isOffline, hasFailed: staleSinceMs !== null })
  const live = useMemo<Live>(
    () => ({ clock, state, staleSinceMs, setPaused: setIsPaused, note }),
    [clock, state, staleSinceMs, note],
  )
  return <LiveContext value={live}>{children}</LiveContext>
}

/** The page's live state; null outside of a `LiveProvider`. */
export function useLiveState(): Live | null {
  return useContext(LiveContext)
}

function stateOf(facts: {
  isOn: boolean
  isPaused: boolean
  isOffline: boolean
  hasFailed: boolean
}): LiveState {
  if (!facts.isOn) return 'off'
  if (facts.isPaused) return 'paused'
  if (facts.isOffline) return 'offline'
  return facts.hasFailed ? 'stale' : 'live'
}

const browserTicking = {
  now: () => performance.now(),
  random: () => Math.random(),
  after: (ms: number, act: () => void) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}
