import type { Principal } from '@/lib/auth/contract'
import { CorralError } from '@/lib/core/errors'
import type { Frontend } from '@/lib/db/contract'
import type { RateLimit } from '@/lib/schemas/entities'
import type { Settings } from '@/lib/schemas/settings'
import type { SlidingWindows, WindowVerdict } from './sliding-window'

export type RateLimitQuestion = {
  principal: Principal | null
  /** Null where the client's address is not known: such callers share one window. */
  address: string | null
  frontend: Pick<Frontend, 'rateLimit' | 'anonymousRateLimit'>
  settings: Pick<Settings, 'rateLimitRequests' | 'rateLimitWindowSeconds'>
}

/**
 * Counts a request in its caller's window (B1). Throws `limits.rate_exceeded` (429) with
 * `Retry-After` and the `RateLimit-*` headers.
 */
export function takeRateLimit(windows: SlidingWindows, question: RateLimitQuestion): void {
  const limit = resolveRateLimit(question)
  if (limit === null) return
  const verdict = windows.take(windowKey(question), limit)
  if (verdict.allowed) return
  const seconds = verdict.retryAfterSeconds
  throw new CorralError('limits.rate_exceeded', {
    params: { seconds },
    retryAfterS: seconds,
    headers: renderRateLimitHeaders(verdict),
  })
}

/**
 * The one limit that holds: a key's own replaces its user's, that the frontend's, that the
 * default (B1). Null is no limit, also where the one that holds says 0 requests.
 */
export function resolveRateLimit(question: RateLimitQuestion): RateLimit | null {
  const { principal, frontend, settings } = question
  const isKey = principal?.kind === 'key'
  const limit = principal?.rateLimit ??
    (isKey ? null : frontend.anonymousRateLimit) ??
    frontend.rateLimit ?? {
      requests: settings.rateLimitRequests,
      windowSeconds: settings.rateLimitWindowSeconds,
    }
  return limit.requests === 0 ? null : limit
}

/** What a key has used of its window, for those who watch it. */
export function findKeyUse(windows: SlidingWindows, keyId: string) {
  return windows.look(keyId)
}

/** An id of a key has no space in it. */
function windowKey({ principal, address }: RateLimitQuestion): string {
  return principal?.kind === 'key' ? principal.keyId : `address ${address ?? 'unknown'}`
}

function renderRateLimitHeaders(verdict: WindowVerdict): Record<string, string> {
  return {
    'RateLimit-Limit': String(verdict.limit),
    'RateLimit-Remaining': String(verdict.remaining),
    'RateLimit-Reset': String(verdict.resetSeconds),
  }
}
