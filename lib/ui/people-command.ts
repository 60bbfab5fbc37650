import type { ModelRules, RateLimit } from '@/lib/schemas/entities'
import { renderLimit } from './key-command'

export type UserCommandFields = {
  name?: string
  role?: string
  email?: string | null
  rateLimit?: RateLimit | null
}

/** The words behind `corral` that make such a user, with a password and without a key. */
export function createUserCommand({ name = 'NAME', ...fields }: UserCommandFields): string[] {
  return ['users', 'create', ...options(fields), '--no-key', ...positional(name)]
}

export function updateUserCommand(
  name: string,
  { name: newName, ...fields }: UserCommandFields,
): string[] {
  const rename = newName === undefined ? [] : [`--name=${newName}`]
  return ['users', 'update', ...rename, ...options(fields), ...positional(name)]
}

/** `activate`, `deactivate`, `delete`, `sign-out`, `reset-password`. */
export function userCommand(verb: string, name: string): string[] {
  return ['users', verb, ...positional(name)]
}

export function inviteCommand(invitation: {
  userName?: string | null
  email?: string | null
  role?: string
  teams?: readonly string[]
}): string[] {
  const { userName, email, role, teams = [] } = invitation
  return [
    ...['invitations', 'create'],
    ...(role ? ['--role', role] : []),
    ...(email ? [`--email=${email}`] : []),
    ...(teams.length > 0 ? [`--team=${teams.join(',')}`] : []),
    ...(userName ? positional(userName) : []),
  ]
}

export type TeamCommandFields = {
  name?: string
  description?: string
  models?: ModelRules
  rateLimit?: RateLimit | null
}

export function createTeamCommand({ name = 'NAME', ...fields }: TeamCommandFields): string[] {
  return ['teams', 'create', ...teamOptions(fields), ...positional(name)]
}

export function updateTeamCommand(
  name: string,
  { name: newName, ...fields }: TeamCommandFields,
): string[] {
  const rename = newName === undefined ? [] : [`--name=${newName}`]
  return ['teams', 'update', ...rename, ...teamOptions(fields), ...positional(name)]
}

export function removeTeamCommand(name: string): string[] {
  return ['teams', 'delete', ...positional(name)]
}

export function teamMemberCommand(
  team: string,
  member: { user: string; isAdmin: boolean } | { user: string; leaves: true },
): string[] {
  if ('leaves' in member) return ['teams', 'remove-member', ...positional(team, member.user)]
  const admin = member.isAdmin ? ['--admin'] : []
  return ['teams', 'add-member', ...admin, ...positional(team, member.user)]
}

/** A name that begins with a dash would be read as an option. */
function positional(...names: string[]): string[] {
  return names.some((name) => name.startsWith('-')) ? ['--', ...names] : names
}

function options({ role, email, rateLimit }: UserCommandFields): string[] {
  return [
    ...(role === undefined ? [] : ['--role', role]),
    ...(email === undefined ? [] : [`--email=${email ?? 'none'}`]),
    ...(rateLimit === undefined ? [] : ['--rate-limit', renderLimit(rateLimit)]),
  ]
}

function teamOptions({ description, models, rateLimit }: TeamCommandFields): string[] {
  return [
    ...(description === undefined ? [] : [`--description=${description}`]),
    ...(models === undefined
      ? []
      : [`--models=${models.allow.join(',')}`, `--deny-models=${models.deny.join(',')}`]),
    ...(rateLimit === undefined ? [] : ['--rate-limit', renderLimit(rateLimit)]),
  ]
}
