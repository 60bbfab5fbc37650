import type { AdminContext } from '@/lib/admin/actor'
import { createUser } from '@/lib/admin/users'
import type { AuditEntry } from '@/lib/db/contract'

export const password = 'a sentence to sign in with'

/** A user who has chosen `password` themselves already: no page asks for another. */
export async function addUser(context: AdminContext, name: string, fields: { role?: string } = {}) {
  const { user } = await createUser(context, { name, password, ...fields })
  const { database } = context
  const hash = (await database.findUserWithPasswordHash(name))?.passwordHash ?? ''
  await database.updateUserPasswordHash(user.id, hash, audit)
  return user
}

export const audit: AuditEntry = {
  actor: 'test',
  actorUserId: null,
  via: 'cli',
  address: null,
  action: 'user.prepare',
  targetKind: 'user',
  targetId: null,
  targetName: null,
}
