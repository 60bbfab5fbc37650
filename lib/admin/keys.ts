import { makeKeyToken } from '@/lib/auth/key-token'
import { mostGenerousLimit } from '@/lib/auth/team-rules'
import { CorralError } from '@/lib/core/errors'
import type { Key, KeyState, User } from '@/lib/db/contract'
import { type KeyInput, keyInputSchema, type RateLimit } from '@/lib/schemas/entities'
import { defaultPermissions, type Permission, permissionsOfRole } from '@/lib/schemas/permissions'
import { parseSettings } from '@/lib/settings/parse-settings'
import { type Actor, type AdminContext, auditEntry } from './actor'
import { isMadeByPerson } from './is-made-by-person'
import { assertOnlyLowered } from './lower-only'
import { invalidInput, parseChange, parseInput } from './parse-input'
import { assertModelRules, assertNetworkRules } from './patterns'
import {
  assertAllowed,
  canManageEveryKey,
  canManageKeysOf,
  canReadEverything,
  canReadUser,
} from './permissions'
import { listTeamRulesOf } from './teams'
import { getUserByReference } from './users'

const graceSecondsDefault = 86_400
const graceSecondsMax = 90 * 86_400

export type KeyFields = Partial<Record<keyof KeyInput, unknown>>

/**
 * Every key that a person made, or those of one owner; who may not read everything sees their own
 * and their teams'.
 */
export async function listKeys(
  context: AdminContext,
  filter: { owner?: string } = {},
): Promise<Key[]> {
  return (await listReadableKeys(context, filter)).filter(isMadeByPerson)
}

async function listReadableKeys(context: AdminContext, filter: { owner?: string }): Promise<Key[]> {
  const { actor, database } = context
  const owner = filter.owner === undefined ? null : await getUserByReference(context, filter.owner)
  if (canReadEverything(actor)) {
    return database.listKeys(owner === null ? undefined : { ownerId: owner.id })
  }
  if (owner !== null) {
    assertAllowed(canReadUser(actor, owner.id), 'viewer')
    return database.listKeys({ ownerId: owner.id })
  }
  return (await database.listKeys()).filter((key) => canReadUser(actor, key.ownerId))
}

/** By id, prefix, or name where one key only has it. Throws `admin.not_found`. */
export async function getKey(context: AdminContext, reference: string): Promise<Key> {
  const key = await context.database.findKey(reference)
  if (key !== null && canReadKey(context.actor, key)) return key
  const named = (await context.database.listKeys()).filter(
    (one) => one.name === reference && isMadeByPerson(one) && canReadKey(context.actor, one),
  )
  if (named.length > 1) {
    const prefixes = named.slice(0, 5).map((one) => `${one.prefix} (of ${one.ownerName})`)
    throw invalidInput(
      `${named.length} keys are named "${reference}". Name one by its prefix: ${prefixes.join(', ')}.`,
    )
  }
  // Whoever may not read a key is not told that it exists.
  throw new CorralError('admin.not_found', { params: { kind: 'key', name: reference } })
}

function canReadKey(actor: Actor, key: Key): boolean {
  return canReadUser(actor, key.ownerId)
}

/**
 * `token` is the whole key: this is the only time that anyone can read it. Permissions default to
 * the three of clients. Throws `admin.invalid_input` when they exceed the owner's role (A6).
 */
export async function createKey(
  context: AdminContext,
  input: { owner: string } & KeyFields,
): Promise<{ key: Key; token: string }> {
  const { owner: ownerName, ...fields } = input
  const owner = await getUserByReference(context, ownerName)
  assertAllowed(canManageKeysOf(context.actor, owner.id), 'admin')
  const parsed = parseInput(keyInputSchema, { permissions: defaultPermissions, ...fields })
  await checkKeyFields(context, owner, parsed)
  if (!canManageEveryKey(context.actor) && parsed.rateLimit !== null) {
    assertOnlyLowered(await inheritedRateLimits(context, owner), [parsed.rateLimit])
  }
  assertAllowed(parsed.capture === null || canManageEveryKey(context.actor), 'admin')
  const { token, prefix, digest } = makeKeyToken()
  const key = await context.database.createKey(
    { ...parsed, ownerId: owner.id, prefix, digest },
    auditEntry(context.actor, { action: 'key.create', kind: 'key', name: parsed.name }),
  )
  return { key, token }
}

/** An owner who is no admin may only narrow what a key may do. */
export async function updateKey(
  context: AdminContext,
  reference: string,
  change: KeyFields,
): Promise<Key> {
  const key = await getKeyToChange(context, reference)
  const parsed = parseChange(keyInputSchema, change)
  const owner = await getUserByReference(context, key.ownerName)
  await checkKeyFields(context, owner, parsed)
  if (!canManageEveryKey(context.actor))
    await checkOnlyNarrowed(context, { key, owner, change: parsed })
  return context.database.updateKey(key.id, parsed, keyEntry(context, key, 'key.update'))
}

export async function disableKey(context: AdminContext, reference: string): Promise<Key> {
  return changeState(context, reference, { state: 'disabled', action: 'key.disable' })
}

export async function enableKey(context: AdminContext, reference: string): Promise<Key> {
  return changeState(context, reference, { state: 'active', action: 'key.enable' })
}

/** Final: a revoked key is never active again. */
export async function revokeKey(context: AdminContext, reference: string): Promise<Key> {
  return changeState(context, reference, { state: 'revoked', action: 'key.revoke' })
}

/** A new secret; the old one works until the grace (24 h) has passed. Grace 0 replaces at once. */
export async function rotateKey(
  context: AdminContext,
  reference: string,
  options: { graceSeconds?: number } = {},
): Promise<{ key: Key; token: string; graceUntilMs: number }> {
  const key = await getKeyToChange(context, reference)
  const graceSeconds = options.graceSeconds ?? graceSecondsDefault
  if (!Number.isInteger(graceSeconds) || graceSeconds < 0 || graceSeconds > graceSecondsMax) {
    throw invalidInput(`grace: expected whole seconds from 0 to ${graceSecondsMax}.`)
  }
  const graceUntilMs = context.clock.nowMs() + graceSeconds * 1000
  const { token, digest } = makeKeyToken({ prefix: key.prefix })
  const rotated = await context.database.rotateKey(
    key.id,
    { digest, graceUntilMs },
    keyEntry(context, key, 'key.rotate'),
  )
  return { key: rotated, token, graceUntilMs }
}

async function changeState(
  context: AdminContext,
  reference: string,
  change: { state: KeyState; action: string },
): Promise<Key> {
  const key = await getKeyToChange(context, reference)
  if (key.state === change.state) return key
  const entry = keyEntry(context, key, change.action)
  return context.database.updateKey(key.id, { state: change.state }, entry)
}

async function getKeyToChange(context: AdminContext, reference: string): Promise<Key> {
  const key = await getKey(context, reference)
  assertAllowed(canManageKeysOf(context.actor, key.ownerId), 'admin')
  if (key.state === 'revoked') {
    throw invalidInput(`The key "${key.name}" was revoked, which is final. Create a new one.`)
  }
  return key
}

async function checkKeyFields(
  context: AdminContext,
  owner: User,
  fields: Partial<KeyInput>,
): Promise<void> {
  if (fields.permissions !== undefined) assertWithinRole(owner, fields.permissions)
  if (fields.models !== undefined) assertModelRules(fields.models)
  if (fields.networks !== undefined) assertNetworkRules(fields.networks)
  if (fields.expiresAt && fields.expiresAt.getTime() <= context.clock.nowMs()) {
    throw invalidInput('expires: expected a time in the future.')
  }
  if (fields.frontends) {
    const known = (await context.database.listFrontends()).map((frontend) => frontend.name)
    const unknown = fields.frontends.filter((name) => !known.includes(name))
    if (unknown.length > 0) {
      throw invalidInput(
        `frontends: expected some of ${known.join(', ')}; got ${unknown.join(', ')}.`,
      )
    }
  }
}

function assertWithinRole(owner: User, asked: readonly Permission[]): void {
  const most = permissionsOfRole(owner.role)
  const beyond = asked.filter((permission) => !most.includes(permission))
  if (beyond.length === 0) return
  throw invalidInput(
    `permissions: a key of "${owner.name}" (${owner.role}) may have ${most.join(', ')}; it may not have ${beyond.join(', ')}.`,
  )
}

async function checkOnlyNarrowed(
  context: AdminContext,
  { key, owner, change }: { key: Key; owner: User; change: Partial<KeyInput> },
): Promise<void> {
  const fixed = (['models', 'frontends', 'networks', 'capture'] as const).filter(
    (name) => name in change,
  )
  assertAllowed(fixed.length === 0, 'admin')
  const more = change.permissions?.some((permission) => !key.permissions.includes(permission))
  assertAllowed(more !== true, 'admin')
  if (change.expiresAt !== undefined && key.expiresAtMs !== null) {
    const sooner = change.expiresAt !== null && change.expiresAt.getTime() <= key.expiresAtMs
    assertAllowed(sooner, 'admin')
  }
  if (change.rateLimit !== undefined) {
    const inherited = await inheritedRateLimits(context, owner)
    const now = key.rateLimit === null ? inherited : [key.rateLimit]
    assertOnlyLowered(now, change.rateLimit === null ? inherited : [change.rateLimit])
  }
}

/** What holds for a key without a limit of its own: its owner's, a team's, or each frontend's. */
async function inheritedRateLimits(context: AdminContext, owner: User): Promise<RateLimit[]> {
  if (owner.rateLimit !== null) return [owner.rateLimit]
  const ofTeams = mostGenerousLimit(await listTeamRulesOf(context.database, owner.id))
  if (ofTeams !== null) return [ofTeams]
  const settings = parseSettings(await context.database.readSettings())
  const byDefault = {
    requests: settings.rateLimitRequests,
    windowSeconds: settings.rateLimitWindowSeconds,
  }
  const frontends = await context.database.listFrontends()
  return [byDefault, ...frontends.map((frontend) => frontend.rateLimit ?? byDefault)]
}

function keyEntry(context: AdminContext, key: Key, action: string) {
  return auditEntry(context.actor, { action, kind: 'key', id: key.id, name: key.name })
}
