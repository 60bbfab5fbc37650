import { formatDuration } from '@/lib/ui/format'

/** Milliseconds on an axis: in a unit in which its lines are round. */
export type TimeScale = {
  unit: 'ms' | 's' | 'min' | 'h'
  /** Of one of the unit. */
  unitMs: number
  /** A value of the axis: `2.5 s`. */
  formatAxis: (value: number) => string
  /** The same value as people read it: `2.46 s`, `4 m 12 s`. */
  format: (value: number) => string
}

const units = [
  { unit: 'h', unitMs: 3_600_000, label: 'h' },
  { unit: 'min', unitMs: 60_000, label: 'm' },
  { unit: 's', unitMs: 1000, label: 's' },
  { unit: 'ms', unitMs: 1, label: 'ms' },
] as const

export function scaleTime(largestMs: number): TimeScale {
  const { unit, unitMs, label } = units.find((one) => largestMs >= 2 * one.unitMs) ?? units[3]
  return {
    unit,
    unitMs,
    formatAxis: (value) => (value === 0 ? '0' : `${Number(value.toPrecision(3))} ${label}`),
    format: (value) => formatDuration(value * unitMs),
  }
}
