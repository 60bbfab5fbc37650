import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'
import type { Clock } from '@/lib/core/clock'
import { CorralError } from '@/lib/core/errors'

export const signInFailuresMax = 5
export const signInWindowMs = 300_000
const countersMax = 20_000

export type SignInLimit = {
  /**
   * Counts an attempt as failed until it says otherwise, so that attempts at once do not pass
   * together. Throws `auth.sign_in_locked` (429, `Retry-After`) where 5 failed within 300 s from
   * this address (an IPv6 network of 64 bits is one) or for this account, and counts none.
   */
  take(attempt: { address: string | null; account: string }): { succeeded(): void }
}

/** A9, in this process. A password that is right is not asked while an account is locked. */
export function createSignInLimit({ clock }: { clock: Clock }): SignInLimit {
  const failures = new LRUCache<string, number[]>({ max: countersMax })

  const recent = (counter: string): number[] => {
    const since = clock.monotonicMs() - signInWindowMs
    return (failures.get(counter) ?? []).filter((atMs) => atMs > since)
  }

  return {
    take({ address, account }) {
      const counters = [`address ${networkOf(address)}`, `account ${account}`]
      const nowMs = clock.monotonicMs()
      const waits = counters.map((counter) => {
        const oldest = recent(counter).at(-signInFailuresMax)
        return oldest === undefined ? 0 : oldest + signInWindowMs - nowMs
      })
      const waitMs = Math.max(...waits)
      if (waitMs > 0) throw locked(Math.ceil(waitMs / 1000))
      for (const counter of counters) failures.set(counter, [...recent(counter), nowMs])
      return {
        succeeded() {
          for (const counter of counters) {
            const left = recent(counter)
            const own = left.indexOf(nowMs)
            if (own >= 0) left.splice(own, 1)
            failures.set(counter, left)
          }
        },
      }
    },
  }
}

function locked(seconds: number): CorralError {
  return new CorralError('auth.sign_in_locked', { params: { seconds }, retryAfterS: seconds })
}

function networkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return parsed.toByteArray().slice(0, 8).join('.')
}
