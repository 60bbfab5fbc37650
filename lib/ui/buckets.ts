import type { Period } from './range'
import { startOfDay, startOfMonth } from './zone'

/** How wide a bar of a chart is. Days and months are those of the zone, 23 to 25 hours and so on. */
export type Bucket = 'minute' | 'quarter' | 'hour' | 'three-hours' | 'six-hours' | 'day' | 'month'

const minuteMs = 60_000
const dayMs = 86_400_000

/** About as long as a bucket is; exact for all but days and months. */
export const bucketMs: Record<Bucket, number> = {
  minute: minuteMs,
  quarter: 15 * minuteMs,
  hour: 60 * minuteMs,
  'three-hours': 180 * minuteMs,
  'six-hours': 360 * minuteMs,
  day: dayMs,
  month: 30 * dayMs,
}

/** As a chart names it beside its title. */
export const bucketNames: Record<Bucket, string> = {
  minute: '1 m',
  quarter: '15 m',
  hour: '1 h',
  'three-hours': '3 h',
  'six-hours': '6 h',
  day: '1 d',
  month: '1 month',
}

/** The bucket that gives a chart 15 to about 120 bars. */
export function bucketOf({ fromMs, toMs }: Period): Bucket {
  const span = toMs - fromMs
  if (span <= 2 * 60 * minuteMs) return 'minute'
  if (span <= 1.25 * dayMs) return 'quarter'
  if (span <= 3 * dayMs) return 'hour'
  if (span <= 10 * dayMs) return 'three-hours'
  if (span <= 20 * dayMs) return 'six-hours'
  return span <= 200 * dayMs ? 'day' : 'month'
}

/**
 * Where the buckets that touch a period begin, in the zone's time: hours count from the zone's
 * midnight, so that they fit +05:30 and +05:45, and a day of 23 or 25 hours has a short last one
 * or one more. At most 2,000.
 */
export function listBuckets(period: Period, bucket: Bucket, zone: string): number[] {
  const starts: number[] = []
  let start = startOfBucket(period.fromMs, bucket, zone)
  while (start < period.toMs && starts.length < 2000) {
    starts.push(start)
    start = nextBucket(start, bucket, zone)
  }
  return starts
}

/** The bucket that an instant is in. */
export function startOfBucket(ms: number, bucket: Bucket, zone: string): number {
  if (bucket === 'month') return startOfMonth(ms, zone)
  const midnight = startOfDay(ms, zone)
  if (bucket === 'day') return midnight
  const size = bucketMs[bucket]
  return midnight + Math.floor((ms - midnight) / size) * size
}

export function nextBucket(start: number, bucket: Bucket, zone: string): number {
  if (bucket === 'month') return startOfMonth(start, zone, 1)
  const tomorrow = startOfDay(start, zone, 1)
  if (bucket === 'day') return tomorrow
  return Math.min(start + bucketMs[bucket], tomorrow)
}
