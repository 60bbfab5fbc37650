import { startOfDay } from './zone'

/** One line or one layer of bars. `null` is not known: a gap stays a gap. */
export type Series = {
  id: string
  label: string
  /** `var(--chart-1)` to `-8`, or `var(--destructive)`; by its place when left out. */
  color?: string
  values: readonly (number | null)[]
  /** Percentiles: p50 solid, p95 dashed, p99 dotted. */
  stroke?: 'solid' | 'dashed' | 'dotted'
}

export type ChartData = {
  /** Where each bucket begins. */
  startsMs: readonly number[]
  series: readonly Series[]
  /** The length of a bucket, for labels. */
  bucketMs: number
  /** What buckets are called where they are no time of their own: `09:00`, an hour of any day. */
  labels?: readonly string[]
}

/**
 * At most six series by their sums and, when there are more, `other`. Order is kept. What was summed
 * as `other` before stays so, and is not one of the six.
 */
export function limitSeries(series: readonly Series[], most = 6): Series[] {
  const isRest = ({ id }: Series) => id === 'other'
  if (series.filter((one) => !isRest(one)).length <= most) {
    return series.map((one) => (isRest(one) ? { color: 'var(--chart-8)', ...one } : one))
  }
  const kept = new Set(
    series
      .filter((one) => !isRest(one))
      .sort((a, b) => totalOf(b) - totalOf(a))
      .slice(0, most)
      .map(({ id }) => id),
  )
  const rest = series.filter(({ id }) => !kept.has(id))
  const length = Math.max(...series.map(({ values }) => values.length))
  const values = Array.from({ length }, (_, index) => {
    const known = rest.flatMap(({ values }) => values[index] ?? [])
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
  })
  return [
    ...series.filter(({ id }) => kept.has(id)),
    { id: 'other', label: 'other', color: 'var(--chart-8)', values },
  ]
}

export function totalOf({ values }: Series): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}

export function colorOf(series: Series, index: number): string {
  return series.color ?? `var(--chart-${(index % 8) + 1})`
}

/** A round top for an axis that starts at 0, and its 3 or 4 lines above that; whole ones for counts. */
export function niceTicks(largest: number, isWhole = false): number[] {
  if (!(largest > 0)) return [0, 1]
  const power = 10 ** Math.floor(Math.log10(largest / 4))
  const steps = [1, 2, 2.5, 5, 10].map((factor) => factor * power)
  const fitting = isWhole ? steps.filter(Number.isInteger) : steps
  const step = fitting.find((step) => step * 4 >= largest) ?? 10 * power
  const count = Math.ceil(largest / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

const minuteMs = 60_000
const tickStepsMs = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440].map(
  (minutes) => minutes * minuteMs,
)

/** At most `most` places for labels: at round times of the zone; of days, evenly apart. */
export function pickTicks(starts: readonly number[], zone: string, most = 8): number[] {
  if (starts.length <= most) return [...starts]
  const [first = 0, last = 0] = [starts[0], starts.at(-1)]
  const stepMs = tickStepsMs.find((step) => (last - first) / step < most)
  const round = stepMs
    ? starts.filter((start) => (start - startOfDay(start, zone)) % stepMs === 0)
    : []
  if (round.length >= 3 && round.length <= most) return round
  const step = Math.ceil(starts.length / most)
  return starts.filter((_, index) => index % step === 0)
}
