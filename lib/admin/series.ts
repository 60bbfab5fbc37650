import type { UsageBucket } from '@/lib/db/contract-reads'
import { outcomes, outcomeWords } from '@/lib/ui/outcomes'

/** What a chart draws: one point a bucket. Of percentiles, null is a gap. */
export type Series = { id: string; label: string; points: number[] }
export type Percentiles = { p50: (number | null)[]; p95: (number | null)[]; p99: (number | null)[] }

const seriesMax = 6

/** The largest six by requests, and the rest as `other`; labels are as they are now. */
export function topSeries(
  buckets: readonly UsageBucket[],
  length: number,
  figure: (bucket: UsageBucket) => number = (bucket) => bucket.requests,
): Series[] {
  const sums = new Map<string, { label: string; sum: number; points: number[] }>()
  for (const bucket of buckets) {
    const known = sums.get(bucket.value)
    const series = known ?? { label: bucket.label, sum: 0, points: zeros(length) }
    if (known === undefined) sums.set(bucket.value, series)
    series.sum += figure(bucket)
    series.points[bucket.index] = (series.points[bucket.index] ?? 0) + figure(bucket)
  }
  const sorted = [...sums.entries()].sort(
    ([, a], [, b]) => b.sum - a.sum || a.label.localeCompare(b.label),
  )
  const series = sorted
    .slice(0, seriesMax)
    .map(([id, { label, points }]) => ({ id, label, points }))
  const rest = sorted.slice(seriesMax)
  if (rest.length === 0) return series
  const points = zeros(length).map((_, index) =>
    rest.reduce((sum, [, one]) => sum + (one.points[index] ?? 0), 0),
  )
  return [...series, { id: 'other', label: `${rest.length} others`, points }]
}

/** Failed first, for it stands at the base of the stack. */
export function outcomeSeries(at: readonly (UsageBucket | undefined)[]): Series[] {
  return outcomes.map((id) => ({
    id,
    label: outcomeWords[id],
    points: at.map((bucket) => bucket?.[id] ?? 0),
  }))
}

export function byIndex(
  buckets: readonly UsageBucket[],
  length: number,
): (UsageBucket | undefined)[] {
  const at: (UsageBucket | undefined)[] = Array.from({ length })
  for (const bucket of buckets) at[bucket.index] = bucket
  return at
}

export function percentilesOf(
  at: readonly (UsageBucket | undefined)[],
  name: 'totalMs' | 'timeToFirstTokenMs',
): Percentiles {
  const points = (quantile: 'p50' | 'p95' | 'p99') =>
    at.map((bucket) => bucket?.quantiles?.[name][quantile] ?? null)
  return { p50: points('p50'), p95: points('p95'), p99: points('p99') }
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0)
}
