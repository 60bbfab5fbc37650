import { type AdminContext, auditEntry } from './actor'
import { assertAllowed, canManageUsers } from './permissions'

/** Ends every session of every user, one's own last. Keys go on working. Returns of how many. */
export async function signEverybodyOut(context: AdminContext): Promise<number> {
  const { actor, database } = context
  assertAllowed(canManageUsers(actor), 'admin')
  const own = actor.kind === 'user' ? actor.id : null
  const users = (await database.listUsers()).sort(
    (one, other) => Number(one.id === own) - Number(other.id === own),
  )
  for (const { id, name } of users) {
    const entry = { action: 'user.sign_out', kind: 'user', id, name }
    await database.endUserSessions(id, auditEntry(actor, entry))
  }
  return users.length
}
