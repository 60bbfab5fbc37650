import { type Figure, isKnown, unknown } from './format'
import { startOfDay, wallTimeOf, zoneCity, zoneOffsetMs } from './zone'

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const weekMs = 7 * 86_400_000

/** A row of a log: `14:02:31.482`. */
export function formatLogTime(ms: Figure, zone: string): string {
  if (!isKnown(ms)) return unknown
  const { hour, minute, second } = wallTimeOf(ms, zone)
  return `${two(hour)}:${two(minute)}:${two(second)}.${thousandths(ms)}`
}

/** `14:02` */
export function formatClock(ms: Figure, zone: string): string {
  if (!isKnown(ms)) return unknown
  const { hour, minute } = wallTimeOf(ms, zone)
  return `${two(hour)}:${two(minute)}`
}

/** `12 Oct 2026`; without the year when asked. */
export function formatDay(ms: Figure, zone: string, year: 'with-year' | 'no-year' = 'with-year') {
  if (!isKnown(ms)) return unknown
  const wall = wallTimeOf(ms, zone)
  const day = `${wall.day} ${months[wall.month - 1]}`
  return year === 'with-year' ? `${day} ${wall.year}` : day
}

/** `12 Oct 2026, 14:02:31.482`, or to the second or minute. */
export function formatMoment(
  ms: Figure,
  zone: string,
  precision: 'minute' | 'second' | 'millisecond' = 'second',
): string {
  if (!isKnown(ms)) return unknown
  const time = formatLogTime(ms, zone)
  const length = { minute: 5, second: 8, millisecond: 12 }[precision]
  return `${formatDay(ms, zone)}, ${time.slice(0, length)}`
}

/** `3 m ago`, `in 3 d`; from 7 days on the date: `12 Oct 2026`. */
export function formatRelative(ms: Figure, nowMs: number, zone: string): string {
  if (!isKnown(ms)) return unknown
  const distance = Math.abs(nowMs - ms)
  if (distance >= weekMs) return formatDay(ms, zone)
  if (distance < 1000) return 'now'
  return ms <= nowMs ? `${largestUnit(distance)} ago` : `in ${largestUnit(distance)}`
}

/** How far away, in its largest unit, cut and not rounded: `42 s`, `3 m`, `5 h`, `2 d`. */
export function largestUnit(ms: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1000, 's'],
  ] as const
  const [size, unit] = units.find(([size]) => ms >= size) ?? [1000, 's']
  return `${Math.floor(ms / size)} ${unit}`
}

/** What hovering a time shows: the console's zone, the reader's own, UTC, ISO. */
export function listMoments(
  ms: number,
  zone: string,
  ownZone: string,
): { label: string; text: string }[] {
  const inZone = (name: string, label: string) => ({
    label,
    text: `${formatMoment(ms, name, 'millisecond')} ${formatOffset(ms, name)}`,
  })
  return [
    inZone(zone, zoneCity(zone)),
    ...(ownZone === zone ? [] : [inZone(ownZone, `Yours, ${zoneCity(ownZone)}`)]),
    ...(zone === 'UTC' ? [] : [{ label: 'UTC', text: formatMoment(ms, 'UTC', 'millisecond') }]),
    { label: 'ISO', text: new Date(ms).toISOString() },
  ]
}

/** ISO 8601 with the zone's offset, for files: `2026-10-12T14:02:31.482+02:00`; of UTC, `Z`. */
export function formatIso(ms: number, zone: string): string {
  const offsetMs = zoneOffsetMs(ms, zone)
  const wall = new Date(ms + offsetMs).toISOString()
  return offsetMs === 0 ? wall : `${wall.slice(0, -1)}${formatOffset(ms, zone).slice(3)}`
}

/** `UTC+02:00`, `UTC` */
export function formatOffset(ms: number, zone: string): string {
  const minutes = Math.round(zoneOffsetMs(ms, zone) / 60_000)
  if (minutes === 0) return 'UTC'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`
}

/** An axis label for a bucket's start: time within a day, the day where one begins. */
export function formatTick(ms: number, zone: string, bucketMs: number): string {
  if (bucketMs >= 28 * 86_400_000) return formatDay(ms, zone).slice(-8).trim()
  if (bucketMs >= 86_400_000) return formatDay(ms, zone, 'no-year')
  return ms === startOfDay(ms, zone) ? formatDay(ms, zone, 'no-year') : formatClock(ms, zone)
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

function thousandths(ms: number): string {
  return String(((Math.floor(ms) % 1000) + 1000) % 1000).padStart(3, '0')
}
