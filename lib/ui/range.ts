import { formatClock, formatDay } from './format-time'
import { instantOf, startOfDay, wallTimeOf } from './zone'

/** From, inclusive, to, exclusive. */
export type Period = { fromMs: number; toMs: number }

/** What `range=` in the URL says. A relative range stays one: it ends now, whenever that is. */
export type Range =
  | { kind: 'relative'; text: string; lengthMs: number }
  | ({ kind: 'absolute' } & Period)

/** Where and when a range is read: typed times are those of the zone. */
export type RangeSetting = { nowMs: number; zone: string }

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const longestMs = 400 * unitMs.d

/** The ranges that are offered by name. */
export const presetRanges = [
  { text: '15m', label: 'Last 15 m' },
  { text: '1h', label: 'Last 1 h' },
  { text: '24h', label: 'Last 24 h' },
  { text: '7d', label: 'Last 7 d' },
  { text: '30d', label: 'Last 30 d' },
] as const

export const defaultRange: Range = { kind: 'relative', text: '24h', lengthMs: unitMs.d }

/**
 * What a URL holds or a person types: `24h`, `2d`, `90m`; `14:00-15:00`, of today or, when that is
 * still to come, of yesterday; `today`, `yesterday`; `2026-10-12`; two days or moments of the zone
 * or two ISO instants with `..` between. Null when it is none, or longer than 400 days.
 */
export function parseRange(text: string, setting: RangeSetting): Range | null {
  const trimmed = text.trim().toLowerCase()
  return (
    parseRelative(trimmed) ??
    checkPeriod(parseNamedDay(trimmed, setting)) ??
    checkPeriod(parseClockTimes(trimmed, setting)) ??
    checkPeriod(parseMoments(trimmed, setting))
  )
}

/** The range of search params, or the default of the page when there is none or nonsense. */
export function readRange(
  text: string | null | undefined,
  setting: RangeSetting,
  fallback: Range = defaultRange,
): Range {
  return (text ? parseRange(text, setting) : null) ?? fallback
}

/** For the URL: `24h`, or `2026-10-12T12:00:00Z..2026-10-12T13:00:00Z`. */
export function renderRange(range: Range): string {
  if (range.kind === 'relative') return range.text
  return `${renderInstant(range.fromMs)}..${renderInstant(range.toMs)}`
}

export function resolveRange(range: Range, nowMs: number): Period {
  if (range.kind === 'absolute') return { fromMs: range.fromMs, toMs: range.toMs }
  return { fromMs: nowMs - range.lengthMs, toMs: nowMs }
}

/** As long, right before. */
export function previousPeriod({ fromMs, toMs }: Period): Period {
  return { fromMs: fromMs - (toMs - fromMs), toMs: fromMs }
}

/** One length back or on; never past now. What moves is absolute from then on. */
export function shiftRange(range: Range, direction: 'back' | 'on', nowMs: number): Range {
  const { fromMs, toMs } = resolveRange(range, nowMs)
  const length = toMs - fromMs
  if (direction === 'back') return { kind: 'absolute', fromMs: fromMs - length, toMs: fromMs }
  const end = Math.min(toMs + length, nowMs)
  return { kind: 'absolute', fromMs: end - length, toMs: end }
}

/** Nothing comes after it yet. */
export function endsNow(range: Range, nowMs: number): boolean {
  return range.kind === 'relative' || range.toMs >= nowMs
}

/** How long the poll of a live page waits: 2 s, beyond 24 h 10 s. */
export function liveIntervalMs(range: Range): number {
  return range.kind === 'relative' && range.lengthMs <= unitMs.d ? 2000 : 10_000
}

/** In words: `Last 24 h`, `12 Oct, 14:00 – 15:00`, `12 Oct`, `12 – 14 Oct`. */
export function describeRange(range: Range, zone: string): string {
  if (range.kind === 'relative') {
    return `Last ${range.text.replace(/([a-z])/, ' $1')}`
  }
  const { fromMs, toMs } = range
  const lastDay = formatDay(toMs - 1, zone, 'no-year')
  const firstDay = formatDay(fromMs, zone, 'no-year')
  if (fromMs === startOfDay(fromMs, zone) && toMs === startOfDay(toMs, zone)) {
    if (firstDay === lastDay) return firstDay
    const [day, month] = firstDay.split(' ')
    return lastDay.endsWith(` ${month}`) ? `${day} – ${lastDay}` : `${firstDay} – ${lastDay}`
  }
  const end = `${firstDay === lastDay ? '' : `${formatDay(toMs, zone, 'no-year')}, `}${formatClock(toMs, zone)}`
  return `${firstDay}, ${formatClock(fromMs, zone)} – ${end}`
}

function parseRelative(text: string): Range | null {
  const match = /^(\d{1,4})\s*(m|h|d|w)$/.exec(text)
  if (!match) return null
  const [, count, unit] = match
  const lengthMs = Number(count) * unitMs[unit as keyof typeof unitMs]
  if (lengthMs <= 0 || lengthMs > longestMs) return null
  return { kind: 'relative', text: `${Number(count)}${unit}`, lengthMs }
}

function parseNamedDay(text: string, { nowMs, zone }: RangeSetting): Period | null {
  if (text === 'today') return { fromMs: startOfDay(nowMs, zone), toMs: startOfDay(nowMs, zone, 1) }
  if (text !== 'yesterday') return null
  return { fromMs: startOfDay(nowMs, zone, -1), toMs: startOfDay(nowMs, zone) }
}

function parseClockTimes(text: string, { nowMs, zone }: RangeSetting): Period | null {
  const match = /^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$/.exec(text)
  if (!match) return null
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number)
  if (fromHour > 23 || toHour > 24 || fromMinute > 59 || toMinute > 59) return null
  const { year, month, day } = wallTimeOf(nowMs, zone)
  const isOverMidnight = toHour * 60 + toMinute <= fromHour * 60 + fromMinute
  const onDay = (offset: number): Period => ({
    fromMs: instantOf({ year, month, day: day + offset, hour: fromHour, minute: fromMinute }, zone),
    toMs: instantOf(
      {
        year,
        month,
        day: day + offset + (isOverMidnight ? 1 : 0),
        hour: toHour,
        minute: toMinute,
      },
      zone,
    ),
  })
  const today = onDay(0)
  return today.fromMs < nowMs ? today : onDay(-1)
}

function parseMoments(text: string, { zone }: RangeSetting): Period | null {
  const [from, to, more] = text.split(/\s*\.\.\s*|\s+[-–]\s+/)
  if (!from || more !== undefined) return null
  const begin = parseMoment(from, zone)
  const end = to ? parseMoment(to, zone) : begin
  return begin && end ? { fromMs: begin.fromMs, toMs: end.toMs } : null
}

/** A day is as long as it is; a moment has no length. */
function parseMoment(text: string, zone: string): Period | null {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?(z)?)?$/.exec(text)
  if (!match) return null
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59) return null
  const wall = { year, month, day, hour, minute, second }
  if (match[4] === undefined) {
    return { fromMs: instantOf(wall, zone), toMs: instantOf({ ...wall, day: day + 1 }, zone) }
  }
  const fraction = Math.round(Number(match[7] ?? 0) * 1000)
  const instant = instantOf(wall, match[8] ? 'UTC' : zone) + fraction
  return { fromMs: instant, toMs: instant }
}

function checkPeriod(period: Period | null): Range | null {
  if (!period || !(period.fromMs < period.toMs)) return null
  if (period.toMs - period.fromMs > longestMs) return null
  return { kind: 'absolute', ...period }
}

function renderInstant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
