import { type Overview, overview } from '@/lib/admin/overview'
import type { Session } from '@/lib/admin/session'
import { readRange, resolveRange } from '@/lib/ui/range'

/**
 * What the page draws. The ends of the period are left out: they move with the clock, and figures
 * that did not change are to be answered with 304.
 */
export type OverviewFigures = Omit<Overview, 'period' | 'previous' | 'timezone' | 'health'>

/** The overview of the range in a URL, as this person may see it. */
export async function readOverview(
  { admin, timezone }: Session,
  rangeText: string | null,
): Promise<OverviewFigures> {
  const nowMs = admin.clock.nowMs()
  const range = resolveRange(readRange(rangeText, { nowMs, zone: timezone }), nowMs)
  const {
    period,
    previous,
    timezone: _,
    health,
    ...figures
  } = await overview(admin, {
    range,
    timezone,
  })
  return figures
}
