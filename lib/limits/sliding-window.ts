import type { Clock } from '@/lib/core/clock'
import type { RateLimit } from '@/lib/schemas/entities'

export type WindowVerdict = {
  allowed: boolean
  limit: number
  /** Requests left just now. */
  remaining: number
  /** Whole seconds until the current window ends. */
  resetSeconds: number
  /** Whole seconds after which a request passes if no other comes; 0 when this one passed. */
  retryAfterSeconds: number
}

export type SlidingWindows = {
  /** Counts a request unless it is refused. `requests: 0` is no limit: do not ask. */
  take(key: string, limit: RateLimit): WindowVerdict
  /** What a key has used of its window just now; null where nothing is counted. Changes nothing. */
  look(key: string): { used: number; limit: number; windowSeconds: number } | null
}

/** How many of the least recently used keys are looked at for one that may go. */
const lookedAtMax = 32
const sharedKey = ''

type Counts = { windowMs: number; index: number; current: number; previous: number; limit: number }

/**
 * Sliding windows by the two-window formula, as `@upstash/ratelimit` counts them: the requests of
 * this window, and of the one before the share that a window ending now would still see, rounded
 * down. Refused requests do not count. A changed limit holds at once; with another length of the
 * window, what was counted goes along.
 *
 * At most `keysMax` keys are kept. Where a new one finds no room, the idlest of the least recently
 * used goes, never one at its limit; where all looked at are, new keys share one count.
 */
export function createSlidingWindows(options: { clock: Clock; keysMax?: number }): SlidingWindows {
  const { clock, keysMax = 100_000 } = options
  const windows = new Map<string, Counts>()

  const find = (key: string, limit: RateLimit, nowMs: number): Counts => {
    const found = windows.get(key)
    if (found !== undefined) {
      // Once a window is enough to know who is used: the order only says who goes first.
      if (found.index !== Math.floor(nowMs / found.windowMs)) {
        windows.delete(key)
        windows.set(key, found)
      }
      return found
    }
    if (windows.size >= keysMax && key !== sharedKey && !makeRoom(windows, nowMs)) {
      return find(sharedKey, limit, nowMs)
    }
    const windowMs = limit.windowSeconds * 1000
    const index = Math.floor(nowMs / windowMs)
    const fresh = { windowMs, index, current: 0, previous: 0, limit: limit.requests }
    windows.set(key, fresh)
    return fresh
  }

  return {
    take(key, limit) {
      const nowMs = clock.nowMs()
      const counts = find(key, limit, nowMs)
      counts.limit = limit.requests
      changeLength(counts, limit.windowSeconds * 1000, nowMs)
      moveTo(counts, nowMs)
      const used = countUsed(counts, nowMs)
      const allowed = used < limit.requests
      if (allowed) counts.current++
      const windowEndMs = (counts.index + 1) * counts.windowMs
      return {
        allowed,
        limit: limit.requests,
        remaining: Math.max(0, limit.requests - used - (allowed ? 1 : 0)),
        resetSeconds: Math.max(1, Math.ceil((windowEndMs - nowMs) / 1000)),
        retryAfterSeconds: allowed ? 0 : secondsUntilFree(counts, nowMs),
      }
    },
    look(key) {
      const counts = windows.get(key)
      if (counts === undefined) return null
      const nowMs = clock.nowMs()
      moveTo(counts, nowMs)
      const used = countUsed(counts, nowMs)
      return { used, limit: counts.limit, windowSeconds: counts.windowMs / 1000 }
    },
  }
}

function countUsed({ windowMs, current, previous }: Counts, nowMs: number): number {
  const share = (nowMs % windowMs) / windowMs
  return Math.floor((1 - share) * previous) + current
}

/** Time that goes back, by a changed system clock, stays in the newest window. */
function moveTo(counts: Counts, nowMs: number): void {
  const index = Math.floor(nowMs / counts.windowMs)
  if (index <= counts.index) return
  counts.previous = index === counts.index + 1 ? counts.current : 0
  counts.current = 0
  counts.index = index
}

function changeLength(counts: Counts, windowMs: number, nowMs: number): void {
  if (counts.windowMs === windowMs) return
  moveTo(counts, nowMs)
  counts.current = countUsed(counts, nowMs)
  counts.previous = 0
  counts.windowMs = windowMs
  counts.index = Math.floor(nowMs / windowMs)
}

function secondsUntilFree(counts: Counts, nowMs: number): number {
  const { windowMs, index, current, previous, limit } = counts
  const startMs = index * windowMs
  const freeAtMs =
    current < limit
      ? freeWithin(startMs, windowMs, previous, limit - current)
      : freeWithin(startMs + windowMs, windowMs, current, limit)
  return Math.max(1, Math.ceil((freeAtMs - nowMs) / 1000))
}

/** The first ms of a window at which `floor((1 - share) * previous) < room`. */
function freeWithin(startMs: number, windowMs: number, previous: number, room: number): number {
  if (previous < room) return startMs
  return startMs + Math.floor(windowMs * (1 - room / previous)) + 1
}

function makeRoom(windows: Map<string, Counts>, nowMs: number): boolean {
  let idlest: { key: string; used: number } | null = null
  let looked = 0
  for (const [key, counts] of windows) {
    if (looked++ >= lookedAtMax) break
    if (key === sharedKey) continue
    moveTo(counts, nowMs)
    const used = countUsed(counts, nowMs)
    if (used >= counts.limit) continue
    if (idlest === null || used < idlest.used) idlest = { key, used }
    if (used === 0) break
  }
  return idlest !== null && windows.delete(idlest.key)
}
