import { describe, expect, it } from 'vitest'
import { formatTick } from '@/lib/ui/format-time'
import { pickTicks } from '@/lib/ui/series'
import { startOfDay } from '@/lib/ui/zone'
import { cutIntoHoursOfDay, cutPeriod } from './usage-periods'

const hourMs = 3_600_000
const nowMs = Date.UTC(2026, 10, 20)

function dayOf(date: string, timezone: string) {
  const fromMs = startOfDay(Date.parse(`${date}T12:00:00Z`), timezone)
  return { fromMs, toMs: startOfDay(fromMs, timezone, 1) }
}

const days: [string, string, number, string[]][] = [
  ['Europe/Berlin', '2026-03-29', 23, ['00:00', '01:00', '03:00', '04:00']],
  ['Europe/Berlin', '2026-10-25', 25, ['00:00', '01:00', '02:00', '02:00']],
  ['Asia/Kolkata', '2026-10-25', 24, ['00:00', '01:00', '02:00', '03:00']],
  ['Asia/Kathmandu', '2026-10-25', 24, ['00:00', '01:00', '02:00', '03:00']],
]

describe.each(days)('the axis of a day in %s, %s', (timezone, date, hours, first) => {
  const period = dayOf(date, timezone)
  const cut = cutPeriod(period, { timezone, nowMs, bucket: 'hour' })

  it('has the hours that this day had, each named as clocks showed it', () => {
    expect(cut.startsMs).toHaveLength(hours)
    const names = cut.startsMs.slice(0, 4).map((at) => formatTick(at, timezone, hourMs))
    // Where a day begins, the day stands.
    expect(names).toEqual([expect.stringMatching(/^\d+ (Mar|Oct)$/), ...first.slice(1)])
  })

  it('leaves no time out and counts none twice, and labels stand at bars', () => {
    const { stretches, startsMs } = cut
    expect(stretches[0]?.fromMs).toBe(period.fromMs)
    expect(stretches.at(-1)?.untilMs).toBe(period.toMs)
    for (const [index, one] of stretches.entries()) {
      expect(one.fromMs).toBe(stretches[index - 1]?.untilMs ?? period.fromMs)
    }
    expect(pickTicks(startsMs, timezone).every((at) => startsMs.includes(at))).toBe(true)
  })

  it('by hour of day, an hour that came twice is one and one that was skipped is empty', () => {
    const stretches = cutIntoHoursOfDay(period, timezone)
    const lengthOf = (hour: number) =>
      stretches
        .filter(({ index }) => index === hour)
        .reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0) / hourMs
    expect(lengthOf(2)).toBe(hours - 23)
    expect(lengthOf(9)).toBe(1)
  })
})
