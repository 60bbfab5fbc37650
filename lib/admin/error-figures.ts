import type { Period } from '@/lib/ui/range'
import type { AdminContext } from './actor'
import { type ErrorGuide, findErrorGuide } from './error-guide'
import { findPlaceOf, type UsageScope } from './usage-scope'

/** An error of a period: how often, when last, and what to do. */
export type ErrorFigure = ErrorGuide & {
  count: number
  last: { id: string; atMs: number; text: string | null } | null
}

const figuresMax = 8
const minuteMs = 60_000

/** The newest first: what fails since a minute stands above what is refused every day. */
export async function listErrorFigures(
  { database }: AdminContext,
  scope: UsageScope,
  period: Period,
): Promise<ErrorFigure[]> {
  const place = findPlaceOf(scope, 'error')
  if (place === null) return []
  const stretches = [{ index: 0, fromMs: period.fromMs, untilMs: period.toMs }]
  const sums = ['requests'] as const
  const buckets = await database.readUsageBuckets({ ...place, stretches, sums, quantiles: false })
  const most = buckets.toSorted((a, b) => b.requests - a.requests)
  const [userId] = scope.kind === 'users' ? scope.userIds : []
  const last = await database.findLastErrors({
    codes: most.map((bucket) => bucket.value),
    // Roll-ups begin at a whole minute.
    sinceMs: Math.floor(period.fromMs / minuteMs) * minuteMs,
    untilMs: period.toMs,
    ...(userId !== undefined && { userId }),
  })
  return most
    .map(({ value, requests }) => {
      const found = last.find((one) => one.code === value)
      return {
        ...findErrorGuide(value),
        count: requests,
        last: found ? { id: found.id, atMs: found.atMs, text: found.text } : null,
      }
    })
    .sort((a, b) => (b.last?.atMs ?? 0) - (a.last?.atMs ?? 0))
    .slice(0, figuresMax)
}
