import { CorralError } from '@/lib/core/errors'
import type { Role } from '@/lib/schemas/permissions'
import type { Actor } from './actor'

export function canManageUsers(actor: Actor): boolean {
  return hasRole(actor, ['admin'])
}

export function canManageTeams(actor: Actor): boolean {
  return hasRole(actor, ['admin'])
}

export function canManageBackends(actor: Actor): boolean {
  return hasRole(actor, ['admin', 'operator'])
}

export function canManageFrontends(actor: Actor): boolean {
  return hasRole(actor, ['admin', 'operator'])
}

/** Aliases, assignments and memory rules: which model is served, and where. */
export function canManageModels(actor: Actor): boolean {
  return hasRole(actor, ['admin', 'operator'])
}

export function canManageAddressRules(actor: Actor): boolean {
  return hasRole(actor, ['admin'])
}

export function canManageSettings(actor: Actor): boolean {
  return hasRole(actor, ['admin'])
}

export function canPruneUsage(actor: Actor): boolean {
  return hasRole(actor, ['admin'])
}

/** Keys of every owner; a key of one's own needs `canManageKeysOf`. */
export function canManageEveryKey(actor: Actor): boolean {
  return hasRole(actor, ['admin'])
}

/**
 * A viewer only reads; everyone else may act on keys of their own, and a team admin on those of
 * the team's members too.
 */
export function canManageKeysOf(actor: Actor, ownerId: string): boolean {
  if (canManageEveryKey(actor)) return true
  return actor.kind === 'user' && actor.role !== 'viewer' && answersFor(actor, ownerId)
}

export function canManageKey(actor: Actor, key: { ownerId: string }): boolean {
  return canManageKeysOf(actor, key.ownerId)
}

/** The keys, the page and the usage of a user. */
export function canReadUser(actor: Actor, userId: string): boolean {
  return canReadEverything(actor) || (actor.kind === 'user' && answersFor(actor, userId))
}

/** Members of a team see who is in it; everyone else needs to read everything. */
export function canReadTeam(actor: Actor, members: readonly { userId: string }[]): boolean {
  if (canReadEverything(actor)) return true
  return actor.kind === 'user' && members.some((member) => member.userId === actor.id)
}

/** What was asked and answered (H2): the one who asked, and admins. */
export function canReadContentOf(actor: Actor, userId: string | null): boolean {
  return hasRole(actor, ['admin']) || (actor.kind === 'user' && actor.id === userId)
}

/** Ends a request that is in flight. */
export function canStopRequestOf(actor: Actor, userId: string | null): boolean {
  if (hasRole(actor, ['admin', 'operator'])) return true
  return actor.kind === 'user' && actor.role !== 'viewer' && actor.id === userId
}

/** A run costs tokens, so it needs a person who may have keys. */
export function canUsePlayground(actor: Actor): boolean {
  return actor.kind === 'user' && actor.role !== 'viewer'
}

export function canBackUpDatabase(actor: Actor): boolean {
  return hasRole(actor, ['admin'])
}

export const consolePages = [
  'overview',
  'requests',
  'usage',
  'playground',
  'keys',
  'users',
  'servers',
  'models',
  'routing',
  'settings',
  'audit',
  'system',
  'help',
] as const
export type ConsolePage = (typeof consolePages)[number]

/** Of these a member sees only what is their own. */
const membersPages: readonly ConsolePage[] = [
  'overview',
  'requests',
  'usage',
  'playground',
  'keys',
  'help',
]

/** What one may not see is not there. */
export function canSeePage(actor: Actor, page: ConsolePage): boolean {
  return canReadEverything(actor) || membersPages.includes(page)
}

/** Reads what everyone did and how Corral is set up. A member reads only what is their own. */
export function canReadEverything(actor: Actor): boolean {
  return hasRole(actor, ['admin', 'operator', 'viewer'])
}

/** Throws `admin.forbidden` with the role that is needed. */
export function assertAllowed(allowed: boolean, neededRole: Role): void {
  if (!allowed) throw new CorralError('admin.forbidden', { params: { role: neededRole } })
}

function hasRole(actor: Actor, roles: readonly Role[]): boolean {
  return actor.kind !== 'user' || roles.includes(actor.role)
}

function answersFor(actor: Actor & { kind: 'user' }, userId: string): boolean {
  return actor.id === userId || (actor.managedUserIds ?? []).includes(userId)
}
