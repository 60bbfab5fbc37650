import { formatClock, formatDay } from '@/lib/ui/format-time'
import { startOfDay } from '@/lib/ui/zone'

/** `09:12`, `yesterday 18:04`, `12 Oct, 18:04`: a moment as one would say it now. */
export function describeSince(ms: number, nowMs: number, zone: string): string {
  const clock = formatClock(ms, zone)
  if (ms >= startOfDay(nowMs, zone)) return clock
  if (ms >= startOfDay(nowMs, zone, -1)) return `yesterday ${clock}`
  return `${formatDay(ms, zone, 'no-year')}, ${clock}`
}
