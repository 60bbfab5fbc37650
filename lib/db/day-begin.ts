import { DateTime } from 'luxon'

export const quarterMs = 15 * 60_000
const cacheMax = 10_000
const begins = new Map<string, number>()

/**
 * When the day of an instant began in a zone. Every zone's offset is a whole number of quarter
 * hours, so a day is made of whole quarter hours of UTC, 92 to 100 of them.
 */
export function dayBeginMs(atMs: number, timezone: string): number {
  const quarter = Math.floor(atMs / quarterMs) * quarterMs
  const name = `${timezone}|${quarter}`
  const known = begins.get(name)
  if (known !== undefined) return known
  const begin = DateTime.fromMillis(quarter, { zone: timezone }).startOf('day').toMillis()
  if (begins.size >= cacheMax) begins.clear()
  begins.set(name, begin)
  return begin
}

/** When the day after that of an instant begins: 23, 24 or 25 hours after it, as clocks change. */
export function nextDayBeginMs(atMs: number, timezone: string): number {
  const day = DateTime.fromMillis(dayBeginMs(atMs, timezone), { zone: timezone })
  return day.plus({ days: 1 }).startOf('day').toMillis()
}
