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

/**
 * As parsing and merging, without the histogram in between. A report merges a million parts, so
 * the text is read where it stands, and not cut up.
 */
export function mergeTextIntoHistogram(histogram: Histogram, text: string): void {
  for (let at = 0; at < text.length; ) {
    const blank = text.indexOf(' ', at)
    const end = blank < 0 ? text.length : blank
    const colon = text.indexOf(':', at)
    if (colon >= 0 && colon < end) {
      const bucket = readInteger(text, at, colon)
      const count = readInteger(text, colon + 1, end)
      if (bucket !== null && count !== null) {
        histogram.set(bucket, (histogram.get(bucket) ?? 0) + count)
      }
    }
    at = end + 1
  }
}

const minus = 45
const nought = 48

function readInteger(text: string, from: number, to: number): number | null {
  const isNegative = text.charCodeAt(from) === minus
  const begin = isNegative ? from + 1 : from
  if (begin >= to) return null
  let value = 0
  for (let at = begin; at < to; at++) {
    const digit = text.charCodeAt(at) - nought
    if (digit < 0 || digit > 9) return null
    value = value * 10 + digit
  }
  return isNegative ? -value : value
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
