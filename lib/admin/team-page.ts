import type { Team, TeamMembership } from '@/lib/db/contract'
import type { AdminContext } from './actor'
import { canManageTeams, canReadEverything, canReadUser } from './permissions'
import { getTeam } from './teams'

export type TeamPage = {
  nowMs: number
  team: Team
  members: (TeamMembership & { mayOpen: boolean })[]
  /** Whose usage the reader may know; null where it is nobody's business of theirs. */
  usageOf: string[] | null
  /** To be added: everybody who is not in it; empty for who may not. */
  candidates: { id: string; name: string }[]
  may: { manage: boolean }
}

/** A team. Throws `admin.not_found`, also to those who may not know of it. */
export async function readTeamPage(context: AdminContext, reference: string): Promise<TeamPage> {
  const { actor, database, clock } = context
  const { team, members } = await getTeam(context, reference)
  const manage = canManageTeams(actor)
  const users = manage ? await database.listUsers() : []
  const isTeamAdmin = members.some(
    ({ userId, isAdmin }) => isAdmin && actor.kind === 'user' && userId === actor.id,
  )
  const readable = members.filter(({ userId }) => canReadUser(actor, userId))
  return {
    nowMs: clock.nowMs(),
    team,
    members: members.map((member) => ({
      ...member,
      mayOpen: canReadUser(actor, member.userId),
    })),
    usageOf: canReadEverything(actor) || isTeamAdmin ? readable.map(({ userId }) => userId) : null,
    candidates: users
      .filter(({ id, active }) => active && !members.some(({ userId }) => userId === id))
      .map(({ id, name }) => ({ id, name })),
    may: { manage },
  }
}
