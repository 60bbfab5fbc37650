import { hashPassword } from '@/lib/auth/password'
import { CorralError } from '@/lib/core/errors'
import { randomBase62 } from '@/lib/core/ids'
import type { Key, User } from '@/lib/db/contract'
import { userInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { invalidInput, parseChange, parseInput } from './parse-input'
import { assertAllowed, canManageUsers, canReadEverything } from './permissions'

const passwordLengthMin = 12
const passwordLengthMax = 256

/** Every user; a member sees only themselves. */
export async function listUsers(context: AdminContext): Promise<User[]> {
  const { actor, database } = context
  const users = await database.listUsers()
  if (canReadEverything(actor)) return users
  return users.filter((user) => actor.kind === 'user' && user.id === actor.id)
}

/** A user by name. Throws `admin.not_found`. */
export async function getUser(
  context: AdminContext,
  name: string,
): Promise<{ user: User; keys: Key[] }> {
  const user = await getUserByName(context, name)
  const { actor } = context
  const own = actor.kind === 'user' && actor.id === user.id
  assertAllowed(own || canReadEverything(actor), 'viewer')
  return { user, keys: await context.database.listKeys({ ownerId: user.id }) }
}

/**
 * Without a password one is made. `password` comes back only when it was made here: this is the
 * only time that anyone can read it.
 */
export async function createUser(
  context: AdminContext,
  input: { name: string; role?: string; rateLimit?: unknown; password?: string },
): Promise<{ user: User; password: string | null }> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const { password, ...fields } = input
  const parsed = parseInput(userInputSchema, fields)
  const made = password === undefined ? makePassword() : null
  const passwordHash = await hashPassword(parsePassword(password ?? made))
  const user = await context.database.createUser(
    { ...parsed, passwordHash },
    auditEntry(context.actor, { action: 'user.create', kind: 'user', name: parsed.name }),
  )
  return { user, password: made }
}

/** Name, role, limit. The last active admin stays one: `admin.last_admin`. */
export async function updateUser(
  context: AdminContext,
  name: string,
  change: { name?: string; role?: string; rateLimit?: unknown },
): Promise<User> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const parsed = parseChange(userInputSchema, change)
  const user = await getUserByName(context, name)
  return context.database.updateUser(user.id, parsed, userEntry(context, user, 'user.update'))
}

export async function activateUser(context: AdminContext, name: string): Promise<User> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByName(context, name)
  return context.database.updateUser(
    user.id,
    { active: true },
    userEntry(context, user, 'user.activate'),
  )
}

/** Blocks the user and every key of theirs. The last active admin stays: `admin.last_admin`. */
export async function deactivateUser(context: AdminContext, name: string): Promise<User> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByName(context, name)
  return context.database.updateUser(
    user.id,
    { active: false },
    userEntry(context, user, 'user.deactivate'),
  )
}

/** `password` comes back only when it was made here. */
export async function resetUserPassword(
  context: AdminContext,
  name: string,
  password?: string,
): Promise<{ user: User; password: string | null }> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByName(context, name)
  const made = password === undefined ? makePassword() : null
  const passwordHash = await hashPassword(parsePassword(password ?? made))
  const entry = userEntry(context, user, 'user.reset_password')
  await context.database.updateUserPasswordHash(user.id, passwordHash, entry)
  return { user, password: made }
}

/**
 * Refused with `admin.in_use` while the user owns a key that is not revoked, and with
 * `admin.last_admin` for the last active admin.
 */
export async function removeUser(context: AdminContext, name: string): Promise<User> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByName(context, name)
  await context.database.removeUser(user.id, userEntry(context, user, 'user.remove'))
  return user
}

export async function getUserByName(context: AdminContext, name: string): Promise<User> {
  const user = await context.database.findUserByName(name)
  if (user === null) throw new CorralError('admin.not_found', { params: { kind: 'user', name } })
  return user
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
