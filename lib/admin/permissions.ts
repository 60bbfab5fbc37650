import { CorralError } from '@/lib/core/errors'
import type { Role } from '@/lib/schemas/permissions'
import type { Actor } from './actor'

export function canManageUsers(actor: Actor): boolean {
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

/** A viewer only reads; everyone else may act on keys of their own. */
export function canManageKeysOf(actor: Actor, ownerId: string): boolean {
  if (canManageEveryKey(actor)) return true
  return actor.kind === 'user' && actor.id === ownerId && actor.role !== 'viewer'
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
