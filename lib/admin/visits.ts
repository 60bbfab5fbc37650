import { LRUCache } from 'lru-cache'
import { processState } from '@/lib/core/process-state'
import type { AdminContext } from './actor'

const newVisitAfterMs = 30 * 60_000
const noteEveryMs = 60_000
const visitorsMax = 5000

/**
 * When this user was here before: the last sign of life before a pause of half an hour, which a
 * reload does not change. Notes that they are here now, once a minute at most.
 */
export function noteVisit(
  { database, clock }: Pick<AdminContext, 'database' | 'clock'>,
  user: { id: string; lastVisitAtMs: number | null },
): number | null {
  const previous = processState('console-visits', () => new LRUCache<string, number>(limits))
  const nowMs = clock.nowMs()
  const last = user.lastVisitAtMs
  if (last !== null && nowMs - last > newVisitAfterMs) previous.set(user.id, last)
  if (last === null || nowMs - last > noteEveryMs) {
    database.touchUserVisit(user.id, nowMs).catch(() => {})
  }
  return previous.get(user.id) ?? last
}

const limits = { max: visitorsMax }
