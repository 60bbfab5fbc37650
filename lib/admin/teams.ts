import type { TeamRules } from '@/lib/auth/team-rules'
import { CorralError } from '@/lib/core/errors'
import type { Database, Team, TeamMembership } from '@/lib/db/contract'
import { type TeamInput, teamInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { parseChange, parseInput } from './parse-input'
import { assertModelRules } from './patterns'
import { assertAllowed, canManageTeams, canReadEverything, canReadTeam } from './permissions'
import { getUserByReference } from './users'

/** Every team; who may not read everything sees those they are in. */
export async function listTeams(context: AdminContext): Promise<Team[]> {
  const { actor, database } = context
  const teams = await database.listTeams()
  if (canReadEverything(actor)) return teams
  const userId = actor.kind === 'user' ? actor.id : ''
  const own = await database.listTeamMemberships({ userId })
  return teams.filter((team) => own.some((membership) => membership.teamId === team.id))
}

/** By id or name, with its members. Whoever may not read it is not told that it exists. */
export async function getTeam(
  context: AdminContext,
  reference: string,
): Promise<{ team: Team; members: TeamMembership[] }> {
  const team = await context.database.findTeam(reference)
  if (team === null) throw notFound(reference)
  const members = await context.database.listTeamMemberships({ teamId: team.id })
  if (!canReadTeam(context.actor, members)) throw notFound(reference)
  return { team, members }
}

export async function createTeam(
  context: AdminContext,
  input: { name: string } & Partial<Record<keyof TeamInput, unknown>>,
): Promise<Team> {
  assertAllowed(canManageTeams(context.actor), 'admin')
  const parsed = parseInput(teamInputSchema, input)
  assertModelRules(parsed.models)
  const entry = { action: 'team.create', kind: 'team', name: parsed.name }
  return context.database.createTeam(parsed, auditEntry(context.actor, entry))
}

/** Name, description, allowed models, rate limit: effective for its members' keys at once. */
export async function updateTeam(
  context: AdminContext,
  reference: string,
  change: Partial<Record<keyof TeamInput, unknown>>,
): Promise<Team> {
  assertAllowed(canManageTeams(context.actor), 'admin')
  const parsed = parseChange(teamInputSchema, change)
  if (parsed.models !== undefined) assertModelRules(parsed.models)
  const { team } = await getTeam(context, reference)
  return context.database.updateTeam(team.id, parsed, teamEntry(context, team, 'team.update'))
}

/** Its members stay users; what it allowed or forbade their keys ends. */
export async function removeTeam(context: AdminContext, reference: string): Promise<Team> {
  assertAllowed(canManageTeams(context.actor), 'admin')
  const { team } = await getTeam(context, reference)
  await context.database.removeTeam(team.id, teamEntry(context, team, 'team.remove'))
  return team
}

/** Adds a user to a team, or changes whether they are its admin. */
export async function setTeamMember(
  context: AdminContext,
  reference: string,
  member: { user: string; isAdmin?: boolean },
): Promise<void> {
  assertAllowed(canManageTeams(context.actor), 'admin')
  const { team } = await getTeam(context, reference)
  const user = await getUserByReference(context, member.user)
  const entry = teamEntry(context, team, 'team.set_member')
  const isAdmin = member.isAdmin ?? false
  await context.database.setTeamMember({ teamId: team.id, userId: user.id, isAdmin }, entry)
}

export async function removeTeamMember(
  context: AdminContext,
  reference: string,
  member: { user: string },
): Promise<void> {
  assertAllowed(canManageTeams(context.actor), 'admin')
  const { team } = await getTeam(context, reference)
  const user = await getUserByReference(context, member.user)
  const entry = teamEntry(context, team, 'team.remove_member')
  await context.database.removeTeamMember({ teamId: team.id, userId: user.id }, entry)
}

/** What the teams of a user say about the keys of that user. */
export async function listTeamRulesOf(database: Database, userId: string): Promise<TeamRules[]> {
  const memberships = await database.listTeamMemberships({ userId })
  if (memberships.length === 0) return []
  const teams = await database.listTeams()
  return teams.filter((team) => memberships.some((one) => one.teamId === team.id))
}

function notFound(name: string): CorralError {
  return new CorralError('admin.not_found', { params: { kind: 'team', name } })
}

function teamEntry(context: AdminContext, team: Team, action: string) {
  return auditEntry(context.actor, { action, kind: 'team', id: team.id, name: team.name })
}
