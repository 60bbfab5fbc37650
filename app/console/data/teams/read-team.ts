import type { Session } from '@/lib/admin/session'
import { readTeamPage, type TeamPage } from '@/lib/admin/team-page'
import { type PeopleUsage, readPeopleUsage } from '@/lib/admin/user-page'
import { readRange, resolveRange } from '@/lib/ui/range'

export type TeamData = { page: TeamPage; usage: PeopleUsage | null }

/** A team, and what those did in the range of a URL whose usage the reader may know. */
export async function readTeam(
  { admin, timezone }: Session,
  { id, rangeText }: { id: string; rangeText: string | null },
): Promise<TeamData> {
  const nowMs = admin.clock.nowMs()
  const period = resolveRange(readRange(rangeText, { nowMs, zone: timezone }), nowMs)
  const page = await readTeamPage(admin, id)
  const userIds = page.usageOf ?? []
  if (userIds.length === 0) return { page, usage: null }
  return { page, usage: await readPeopleUsage(admin, userIds, { period, timezone }) }
}
