import type { Session } from '@/lib/admin/session'
import {
  type PeopleUsage,
  readPeopleUsage,
  readUserPage,
  type UserPage,
} from '@/lib/admin/user-page'
import { readRange, resolveRange } from '@/lib/ui/range'

export type UserData = { page: UserPage; usage: PeopleUsage }

/** A person, and what they did in the range of a URL. */
export async function readUser(
  { admin, timezone }: Session,
  { id, rangeText }: { id: string; rangeText: string | null },
): Promise<UserData> {
  const nowMs = admin.clock.nowMs()
  const period = resolveRange(readRange(rangeText, { nowMs, zone: timezone }), nowMs)
  const page = await readUserPage(admin, id)
  return { page, usage: await readPeopleUsage(admin, [page.user.id], { period, timezone }) }
}
