import type { Permission } from '@/lib/schemas/permissions'
import { permissionsOfRole } from '@/lib/schemas/permissions'
import type { AdminContext } from './actor'
import type { HeldLimit } from './key-rows'
import { readLimitsOf } from './key-rows'
import { canManageEveryKey, canManageKeysOf } from './permissions'

/** For whom one may create a key, and what that key may have at most (A6). */
export type KeyOwner = {
  id: string
  name: string
  permissions: readonly Permission[]
  /** What holds for a key of theirs that has no limit of its own. */
  limit: HeldLimit
  /** A limit of the key's own may only be lower. */
  mayOnlyLower: boolean
}

/** Active users whose keys the actor manages, by name; nobody for a viewer. */
export async function listKeyOwners(context: AdminContext): Promise<KeyOwner[]> {
  const { actor, database } = context
  const [users, limitOf] = await Promise.all([database.listUsers(), readLimitsOf(context)])
  return users
    .filter((user) => user.active && canManageKeysOf(actor, user.id))
    .map((user) => ({
      id: user.id,
      name: user.name,
      permissions: permissionsOfRole(user.role),
      limit: limitOf(user),
      mayOnlyLower: !canManageEveryKey(actor),
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}
