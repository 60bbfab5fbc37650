import type { UsageStretch } from '@/lib/db/contract-reads'
import { type Bucket, bucketOf, listBuckets, nextBucket } from '@/lib/ui/buckets'
import type { Period } from '@/lib/ui/range'
import { wallTimeOf } from '@/lib/ui/zone'
import { invalidInput } from './parse-input'

export type Buckets = {
  bucket: Bucket
  /** When each begins; the first and last may stand out of the period, and count only what is in it. */
  startsMs: number[]
  /** The begin of the bucket that is still filling; null when none is. */
  openFromMs: number | null
  stretches: UsageStretch[]
}

const bucketsMax = 1000

/** The bars of a period in a zone. Throws `admin.invalid_input` when they would be more than 1,000. */
export function cutPeriod(
  period: Period,
  options: { timezone: string; nowMs: number; bucket?: Bucket },
): Buckets {
  const bucket = options.bucket ?? bucketOf(period)
  const startsMs = listBuckets(period, bucket, options.timezone)
  if (startsMs.length > bucketsMax) {
    throw invalidInput(`At most ${bucketsMax} buckets: choose a shorter range or longer buckets.`)
  }
  const last = startsMs[startsMs.length - 1]
  const isOpen = last !== undefined && nextBucket(last, bucket, options.timezone) > options.nowMs
  return {
    bucket,
    startsMs,
    openFromMs: isOpen ? last : null,
    stretches: startsMs.map((startMs, index) => ({
      index,
      fromMs: Math.max(startMs, period.fromMs),
      untilMs: Math.min(startsMs[index + 1] ?? period.toMs, period.toMs),
    })),
  }
}

/** The hours of a period, counted together by the hour that clocks of the zone showed. */
export function cutIntoHoursOfDay(period: Period, timezone: string): UsageStretch[] {
  const startsMs = listBuckets(period, 'hour', timezone)
  if ((startsMs[startsMs.length - 1] ?? 0) < period.toMs - 2 * 3_600_000) {
    throw invalidInput('By hour of day, a range has at most 80 days.')
  }
  return startsMs.map((startMs, index) => ({
    index: wallTimeOf(startMs, timezone).hour,
    fromMs: Math.max(startMs, period.fromMs),
    untilMs: Math.min(startsMs[index + 1] ?? period.toMs, period.toMs),
  }))
}

/** Two periods side by side: the one before is 0, the one itself 1. */
export function besideEachOther(before: Period, period: Period): UsageStretch[] {
  return [before, period].map(({ fromMs, toMs }, index) => ({ index, fromMs, untilMs: toMs }))
}
