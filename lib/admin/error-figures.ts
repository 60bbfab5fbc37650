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

/** The most frequent first. */
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
  const most = buckets.toSorted((a, b) => b.requests - a.requests).slice(0, figuresMax)
  const codes = most.map((bucket) => bucket.value)
  const [userId] = scope.kind === 'users' ? scope.userIds : []
  const last = await database.findLastErrors({ codes, ...(userId !== undefined && { userId }) })
  return most.map(({ value, requests }) => {
    const found = last.find((one) => one.code === value)
    return {
      ...findErrorGuide(value),
      count: requests,
      last: found ? { id: found.id, atMs: found.atMs, text: found.text } : null,
    }
  })
}
