import { CorralError } from '@/lib/core/errors'
import type { UsageGroup } from '@/lib/db/contract'
import type { UsageDimension } from '@/lib/db/contract-reads'
import type { AdminContext } from './actor'
import { getKey } from './keys'
import { assertAllowed, canReadEverything, canReadUser } from './permissions'

/** Whose usage is wanted; nothing given is everyone's, for a member their own. */
export type UsageOf = { userIds?: string[]; keyIds?: string[] }

/** What was found to be readable of it. */
export type UsageScope =
  | { kind: 'everyone' }
  | { kind: 'users'; userIds: string[]; keyIds: string[] }
  | { kind: 'keys'; keyIds: string[] }

/** What a group is read from; null where no roll-up tells it. */
export type UsagePlace = { dimensions: UsageDimension[]; values?: string[] }

/** Throws `admin.forbidden` and `admin.not_found`. */
export async function resolveUsageScope(
  context: AdminContext,
  of: UsageOf = {},
): Promise<UsageScope> {
  const { actor, database } = context
  if (of.keyIds !== undefined) {
    // Finding a key refuses one that the actor may not see.
    const keys = await Promise.all(of.keyIds.map((id) => getKey(context, id)))
    return { kind: 'keys', keyIds: keys.map((key) => key.id) }
  }
  if (of.userIds === undefined && canReadEverything(actor)) return { kind: 'everyone' }
  const own = actor.kind === 'user' ? [actor.id] : []
  const userIds = of.userIds ?? own
  for (const id of userIds) assertAllowed(canReadUser(actor, id), 'viewer')
  const keys = await Promise.all(userIds.map((ownerId) => database.listKeys({ ownerId })))
  return { kind: 'users', userIds, keyIds: keys.flat().map((key) => key.id) }
}

export function placeOfAll(scope: UsageScope): UsagePlace {
  switch (scope.kind) {
    case 'everyone':
      return { dimensions: ['all'] }
    case 'users':
      return { dimensions: ['user'], values: scope.userIds }
    case 'keys':
      return { dimensions: ['key'], values: scope.keyIds }
  }
}

/** Of users and keys, roll-ups tell models and errors; backends and operations of everyone only. */
export function findPlaceOf(scope: UsageScope, group: UsageGroup | 'error'): UsagePlace | null {
  if (scope.kind === 'everyone') return { dimensions: [group] }
  switch (group) {
    case 'model':
      return { dimensions: scope.keyIds.map((id) => `keyModel:${id}` as const) }
    case 'error':
      return { dimensions: scope.keyIds.map((id) => `keyError:${id}` as const) }
    case 'key':
      return { dimensions: ['key'], values: scope.keyIds }
    case 'user':
      return scope.kind === 'users' ? { dimensions: ['user'], values: scope.userIds } : null
    default:
      return null
  }
}

/** As `findPlaceOf`. Throws `admin.invalid_input` where nothing tells it. */
export function getPlaceOf(scope: UsageScope, group: UsageGroup | 'error'): UsagePlace {
  const place = findPlaceOf(scope, group)
  if (place !== null) return place
  const problem = `The usage of one user or key is not counted by ${group}.`
  throw new CorralError('admin.invalid_input', { params: { problem } })
}
