import type { RollupSpan } from '../contract'
import { dayBeginMs, nextDayBeginMs, quarterMs } from '../day-begin'

export type RangePiece = { span: RollupSpan; fromMs: number; toMs: number }

/** Which roll-ups make up a range; pieces follow each other and none overlap. */
export function coverRange(range: {
  sinceMs: number
  untilMs: number
  timezone: string
  /** Before this there are no minutes. */
  minutesFromMs: number
  /** From here on there are no days. */
  daysUntilMs: number
}): RangePiece[] {
  const sinceMs = floorTo(range.sinceMs, range.sinceMs < range.minutesFromMs ? quarterMs : 60_000)
  const untilMs = ceilTo(range.untilMs, range.untilMs < range.minutesFromMs ? quarterMs : 60_000)
  const firstQuarter = Math.min(ceilTo(sinceMs, quarterMs), untilMs)
  const lastQuarter = Math.max(floorTo(untilMs, quarterMs), firstQuarter)
  const firstDay = Math.min(ceilToDay(firstQuarter, range.timezone), lastQuarter)
  const daysEnd = Math.min(lastQuarter, range.daysUntilMs)
  const lastDay = Math.max(dayBeginMs(daysEnd, range.timezone), firstDay)
  const pieces: RangePiece[] = [
    { span: 'minute', fromMs: sinceMs, toMs: firstQuarter },
    { span: 'quarter', fromMs: firstQuarter, toMs: firstDay },
    { span: 'day', fromMs: firstDay, toMs: lastDay },
    { span: 'quarter', fromMs: lastDay, toMs: lastQuarter },
    { span: 'minute', fromMs: lastQuarter, toMs: untilMs },
  ]
  return pieces.filter((piece) => piece.fromMs < piece.toMs)
}

function floorTo(atMs: number, stepMs: number): number {
  return Math.floor(atMs / stepMs) * stepMs
}

function ceilTo(atMs: number, stepMs: number): number {
  return Math.ceil(atMs / stepMs) * stepMs
}

function ceilToDay(atMs: number, timezone: string): number {
  return dayBeginMs(atMs, timezone) === atMs ? atMs : nextDayBeginMs(atMs, timezone)
}
