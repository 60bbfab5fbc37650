import { hashPassword } from '@/lib/auth/password'
import { CorralError } from '@/lib/core/errors'
import { randomBase62 } from '@/lib/core/ids'
import type { Key, SignIn, TeamMembership, User } from '@/lib/db/contract'
import { userInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { isMadeByPerson } from './is-made-by-person'
import { invalidInput, parseChange, parseInput } from './parse-input'
import { assertAllowed, canManageUsers, canReadUser } from './permissions'
import { stopExchangesOf } from './stop-exchange'

const passwordLengthMin = 12
const passwordLengthMax = 256

/** Every user; a member sees themselves, and whose keys they manage as a team admin. */
export async function listUsers(context: AdminContext): Promise<User[]> {
  const users = await context.database.listUsers()
  return users.filter((user) => canReadUser(context.actor, user.id))
}

/** A user by id or name, with their keys, teams and last 20 sign-ins. Throws `admin.not_found`. */
export async function getUser(
  context: AdminContext,
  reference: string,
): Promise<{ user: User; keys: Key[]; teams: TeamMembership[]; signIns: SignIn[] }> {
  const { actor, database } = context
  const user = await getUserByReference(context, reference)
  assertAllowed(canReadUser(actor, user.id), 'viewer')
  const [keys, teams, signIns] = await Promise.all([
    database.listKeys({ ownerId: user.id }),
    database.listTeamMemberships({ userId: user.id }),
    database.listSignIns({ userId: user.id, limit: 20 }),
  ])
  return { user, keys: keys.filter(isMadeByPerson), teams, signIns }
}

/**
 * Without a password one is made. `password` comes back only when it was made here: this is the
 * only time that anyone can read it. Whoever signs in with it is asked for another.
 */
export async function createUser(
  context: AdminContext,
  input: { name: string; role?: string; rateLimit?: unknown; email?: unknown; password?: string },
): Promise<{ user: User; password: string | null }> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const { password, ...fields } = input
  const parsed = parseInput(userInputSchema, fields)
  const made = password === undefined ? makePassword() : null
  const passwordHash = await hashPassword(parsePassword(password ?? made))
  const user = await context.database.createUser(
    { ...parsed, passwordHash, mustChangePassword: true },
    auditEntry(context.actor, { action: 'user.create', kind: 'user', name: parsed.name }),
  )
  return { user, password: made }
}

/** Name, role, limit, e-mail. The last active admin stays one: `admin.last_admin`. */
export async function updateUser(
  context: AdminContext,
  reference: string,
  change: { name?: string; role?: string; rateLimit?: unknown; email?: unknown },
): Promise<User> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const parsed = parseChange(userInputSchema, change)
  const user = await getUserByReference(context, reference)
  return context.database.updateUser(user.id, parsed, userEntry(context, user, 'user.update'))
}

export async function activateUser(context: AdminContext, reference: string): Promise<User> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByReference(context, reference)
  return context.database.updateUser(
    user.id,
    { active: true },
    userEntry(context, user, 'user.activate'),
  )
}

/**
 * Blocks the user and every key of theirs, ends every session, and stops what they have in flight
 * and a node has told. The last active admin stays: `admin.last_admin`.
 */
export async function deactivateUser(context: AdminContext, reference: string): Promise<User> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByReference(context, reference)
  const deactivated = await context.database.updateUser(
    user.id,
    { active: false },
    userEntry(context, user, 'user.deactivate'),
  )
  await stopExchangesOf(context, user.id)
  return deactivated
}

/**
 * Ends every session; whoever signs in with it is asked for another. `password` comes back only
 * when it was made here.
 */
export async function resetUserPassword(
  context: AdminContext,
  reference: string,
  password?: string,
): Promise<{ user: User; password: string | null }> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByReference(context, reference)
  const made = password === undefined ? makePassword() : null
  const passwordHash = await hashPassword(parsePassword(password ?? made))
  const entry = userEntry(context, user, 'user.reset_password')
  await context.database.updateUserPasswordHash(user.id, passwordHash, entry, {
    mustChangePassword: true,
  })
  return { user: { ...user, mustChangePassword: true }, password: made }
}

/** Ends every session of a user; one may end one's own. */
export async function signOutEverywhere(context: AdminContext, reference: string): Promise<User> {
  const user = await getUserByReference(context, reference)
  const { actor } = context
  const own = actor.kind === 'user' && actor.id === user.id
  assertAllowed(own || canManageUsers(actor), 'admin')
  await context.database.endUserSessions(user.id, userEntry(context, user, 'user.sign_out'))
  return user
}

/**
 * Refused with `admin.in_use` while the user owns a key that is not revoked, and with
 * `admin.last_admin` for the last active admin.
 */
export async function removeUser(context: AdminContext, reference: string): Promise<User> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByReference(context, reference)
  await context.database.removeUser(user.id, userEntry(context, user, 'user.remove'))
  return user
}

/** By id, else by name. Throws `admin.not_found`. */
export async function getUserByReference(
  { database }: AdminContext,
  reference: string,
): Promise<User> {
  const user = (await database.findUser(reference)) ?? (await database.findUserByName(reference))
  if (user !== null) return user
  throw new CorralError('admin.not_found', { params: { kind: 'user', name: reference } })
}

/** 20 base62 characters: 119 bits. */
export function makePassword(): string {
  return randomBase62(20)
}

/** Throws `admin.invalid_input`. */
export function parsePassword(password: string | null): string {
  if (
    password === null ||
    password.length < passwordLengthMin ||
    password.length > passwordLengthMax
  ) {
    throw invalidInput(
      `password: expected ${passwordLengthMin} to ${passwordLengthMax} characters.`,
    )
  }
  return password
}

function userEntry(context: AdminContext, user: User, action: string) {
  return auditEntry(context.actor, { action, kind: 'user', id: user.id, name: user.name })
}
