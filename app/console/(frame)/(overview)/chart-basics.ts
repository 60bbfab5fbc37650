import { bucketMs } from '@/lib/ui/buckets'
import { describeRange, type Range } from '@/lib/ui/range'
import type { OverviewFigures } from '../../data/overview/read-overview'

/** What the charts of the overview share: buckets, the one that is still filling, the crosshair. */
export function chartBasics(
  { bucket, bucketStartsMs, openFromMs }: OverviewFigures,
  range: Range,
  zone: string,
) {
  return {
    startsMs: bucketStartsMs,
    bucketMs: bucketMs[bucket],
    nowMs: openFromMs ?? Number.MAX_SAFE_INTEGER,
    rangeWords: describeRange(range, zone),
    syncId: 'overview',
  }
}
