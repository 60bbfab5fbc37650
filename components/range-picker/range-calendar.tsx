'use client'

import { useState } from 'react'
import type { DateRange } from 'react-day-picker'
import { Button } from '@/components/ui/button'
import { Calendar } from '@/components/ui/calendar'
import { type Range, resolveRange } from '@/lib/ui/range'
import { instantOf, wallTimeOf } from '@/lib/ui/zone'

/** Whole days of the zone. The calendar's own dates are only names of days. */
export function RangeCalendar({
  range,
  zone,
  onChoose,
}: {
  range: Range
  zone: string
  onChoose: (range: Range) => void
}) {
  const period = resolveRange(range, Date.now())
  const [days, setDays] = useState<DateRange | undefined>(
    range.kind === 'absolute'
      ? { from: nameOfDay(period.fromMs, zone), to: nameOfDay(period.toMs - 1, zone) }
      : undefined,
  )
  const today = nameOfDay(Date.now(), zone)
  const apply = () => {
    if (!days?.from) return
    const fromMs = startOf(days.from, zone)
    const toMs = startOf(days.to ?? days.from, zone, 1)
    onChoose({ kind: 'absolute', fromMs, toMs })
  }
  return (
    <div className="flex flex-col gap-3">
      <Calendar
        mode="range"
        today={today}
        defaultMonth={days?.to ?? today}
        disabled={{ after: today }}
        max={399}
        selected={days}
        onSelect={setDays}
        className="mx-auto"
      />
      <Button
        disabled={!days?.from}
        title={days?.from ? undefined : 'Choose a first day'}
        onClick={apply}
      >
        Show these days
      </Button>
    </div>
  )
}

function nameOfDay(ms: number, zone: string): Date {
  const { year, month, day } = wallTimeOf(ms, zone)
  return new Date(year, month - 1, day)
}

function startOf(day: Date, zone: string, daysLater = 0): number {
  const wall = { year: day.getFullYear(), month: day.getMonth() + 1 }
  return instantOf({ ...wall, day: day.getDate() + daysLater }, zone)
}
