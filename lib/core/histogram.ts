/**
 * A mergeable histogram of positive numbers: eight buckets to each doubling, so a percentile is
 * within 4.5 % of the value. At most 322 buckets: from 2^-8 to 2^32; what is outside counts in
 * the outermost, and what is not positive counts as zero.
 */
export type Histogram = Map<number, number>

const bucketsPerDoubling = 8
const lowest = -8 * bucketsPerDoubling
const highest = 32 * bucketsPerDoubling
const zero = lowest - 1

export function addToHistogram(histogram: Histogram, value: number): void {
  const bucket = bucketOf(value)
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1)
}

/** Adds what `other` counted to `histogram`. */
export function mergeIntoHistogram(histogram: Histogram, other: Histogram): void {
  for (const [bucket, count] of other) {
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + count)
  }
}

/** The value below or at which the share `quantile` (0 to 1) lies; null of an empty histogram. */
export function quantileOfHistogram(histogram: Histogram, quantile: number): number | null {
  let total = 0
  for (const count of histogram.values()) total += count
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(quantile * total))
  let counted = 0
  for (const bucket of sortedBuckets(histogram)) {
    counted += histogram.get(bucket) ?? 0
    if (counted >= rank) return middleOf(bucket)
  }
  return null
}

/** `bucket:count` in order, separated by blanks; an empty histogram is the empty text. */
export function renderHistogram(histogram: Histogram): string {
  return sortedBuckets(histogram)
    .map((bucket) => `${bucket}:${histogram.get(bucket) ?? 0}`)
    .join(' ')
}

/** Parts that are not of this form are left out. */
export function parseHistogram(text: string): Histogram {
  const histogram: Histogram = new Map()
  mergeTextIntoHistogram(histogram, text)
  return histogram
}

/** As parsing and merging, without the histogram in between. */
export function mergeTextIntoHistogram(histogram: Histogram, text: string): void {
  if (text === '') return
  for (const part of text.split(' ')) {
    const colon = part.indexOf(':')
    const bucket = Number(part.slice(0, colon))
    const count = Number(part.slice(colon + 1))
    if (colon < 1 || !Number.isInteger(bucket) || !Number.isInteger(count)) continue
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + count)
  }
}

function bucketOf(value: number): number {
  if (!(value > 0)) return zero
  const bucket = Math.ceil(Math.log2(value) * bucketsPerDoubling)
  return Math.min(highest, Math.max(lowest, bucket))
}

function middleOf(bucket: number): number {
  return bucket === zero ? 0 : 2 ** ((bucket - 0.5) / bucketsPerDoubling)
}

function sortedBuckets(histogram: Histogram): number[] {
  return [...histogram.keys()].sort((a, b) => a - b)
}
