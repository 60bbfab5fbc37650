/** A moment on the clock of a zone. `month` is 1 to 12. */
export type WallTime = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const quarterMs = 900_000
const offsetsMax = 20_000
const offsets = new Map<string, number>()
const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of an IANA zone show at an instant. */
export function wallTimeOf(ms: number, zone: string): WallTime {
  const shown = new Date(ms + zoneOffsetMs(ms, zone))
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
  }
}

/**
 * How far a zone's clocks are ahead of UTC at an instant, in ms. Clocks change at quarter hours;
 * asking `Intl` takes so long that a chart of 100 bars would be felt, so what it said is kept.
 */
export function zoneOffsetMs(ms: number, zone: string): number {
  const quarter = Math.floor(ms / quarterMs)
  const name = `${zone}|${quarter}`
  const known = offsets.get(name)
  if (known !== undefined) return known
  const offset = utcOf(askWallTime(quarter * quarterMs, zone)) - quarter * quarterMs
  if (offsets.size >= offsetsMax) offsets.clear()
  offsets.set(name, offset)
  return offset
}

function askWallTime(ms: number, zone: string): WallTime {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(ms)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return { year, month, day, hour, minute, second }
}

/**
 * The instant at which a zone's clocks show a time; fields may run over (`day: 32`). An hour that a
 * clock change skips gives the instant of the change's other side; one that comes twice, the first.
 */
export function instantOf(wall: Partial<WallTime> & { year: number }, zone: string): number {
  const asUtc = utcOf({ month: 1, day: 1, hour: 0, minute: 0, second: 0, ...wall })
  const offsets = [zoneOffsetMs(asUtc - 86_400_000, zone), zoneOffsetMs(asUtc + 86_400_000, zone)]
  const fitting = offsets
    .map((offset) => asUtc - offset)
    .filter((instant) => instant + zoneOffsetMs(instant, zone) === asUtc)
  return fitting.length > 0 ? Math.min(...fitting) : asUtc - Math.min(...offsets)
}

export function startOfDay(ms: number, zone: string, daysLater = 0): number {
  const { year, month, day } = wallTimeOf(ms, zone)
  return instantOf({ year, month, day: day + daysLater }, zone)
}

export function startOfMonth(ms: number, zone: string, monthsLater = 0): number {
  const { year, month } = wallTimeOf(ms, zone)
  return instantOf({ year, month: month + monthsLater }, zone)
}

/** `Berlin` of `Europe/Berlin`. */
export function zoneCity(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}

function utcOf({ year, month, day, hour, minute, second }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}
