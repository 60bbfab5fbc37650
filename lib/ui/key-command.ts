import type { ModelRules, NetworkRules, RateLimit } from '@/lib/schemas/entities'
import { type AuditedFields, changedOf, readAudited } from './audited-fields'

/** What a form says of a key; what is left out stays, or is as `corral` has it. */
export type KeyCommandFields = {
  name?: string
  owner?: string
  permissions?: readonly string[]
  models?: ModelRules
  networks?: NetworkRules
  /** Null is every one. */
  frontends?: readonly string[] | null
  rateLimit?: RateLimit | null
  expiresAtMs?: number | null
  capture?: boolean | null
}

/** The words behind `corral` that create such a key. */
export function createKeyCommand({ name = 'key', owner, ...fields }: KeyCommandFields): string[] {
  return [
    'keys',
    'create',
    // A name that begins with a dash would be read as an option.
    ...(name.startsWith('-') ? [`--name=${name}`] : [name]),
    ...(owner === undefined ? [] : ['--owner', owner]),
    ...options(fields),
  ]
}

/** The words behind `corral` that change a key; `prefix` names it. */
export function updateKeyCommand(
  prefix: string,
  { name, ...fields }: Omit<KeyCommandFields, 'owner'>,
): string[] {
  const rename = name === undefined ? [] : [`--name=${name}`]
  return ['keys', 'update', prefix, ...rename, ...options(fields)]
}

function options(fields: Omit<KeyCommandFields, 'name' | 'owner'>): string[] {
  const { permissions, models, networks, frontends, rateLimit, expiresAtMs, capture } = fields
  return [
    ...(permissions === undefined ? [] : ['--permissions', permissions.join(',')]),
    ...rules(models, '--models', '--deny-models'),
    ...rules(networks, '--networks', '--deny-networks'),
    ...(frontends === undefined ? [] : [`--frontends=${frontends?.join(',') ?? 'all'}`]),
    ...(rateLimit === undefined ? [] : ['--rate-limit', renderLimit(rateLimit)]),
    ...(expiresAtMs === undefined ? [] : ['--expires', renderExpiry(expiresAtMs)]),
    ...(capture === undefined ? [] : ['--capture', renderCapture(capture)]),
  ]
}

function rules(given: ModelRules | undefined, allow: string, deny: string): string[] {
  if (given === undefined) return []
  // An empty list is written with its sign of equality: the shell would lose the empty word's place.
  return [`${allow}=${given.allow.join(',')}`, `${deny}=${given.deny.join(',')}`]
}

export function renderLimit(limit: RateLimit | null): string {
  return limit === null ? 'none' : `${limit.requests}/${limit.windowSeconds}s`
}

function renderExpiry(atMs: number | null): string {
  return atMs === null ? 'none' : new Date(atMs).toISOString()
}

export function renderCapture(capture: boolean | null): string {
  if (capture === null) return 'inherit'
  return capture ? 'on' : 'off'
}

/** The words behind `corral` that give a key a new secret; null leaves the grace as it is there. */
export function rotateKeyCommand(prefix: string, graceSeconds: number | null): string[] {
  const grace = graceSeconds === null ? [] : ['--grace', String(graceSeconds)]
  return ['keys', 'rotate', prefix, ...grace]
}

type AuditedKey = { action: string; atMs: number; before: unknown; after: unknown }

/** The same act again as an audit row of a key tells it; null where no command does that. */
export function keyAuditCommand({ action, atMs, before, after }: AuditedKey): string[] | null {
  const now = readAudited(after)
  const prefix = now.prefix ?? readAudited(before).prefix
  if (typeof prefix !== 'string') return null
  switch (action) {
    case 'key.create':
      return createKeyCommand({ ...newKeyFields(now), ...nameAndOwner(now) })
    case 'key.update':
      return updateKeyCommand(prefix, toCommandFields(changedOf(readAudited(before), now)))
    case 'key.disable':
    case 'key.enable':
    case 'key.revoke':
      return ['keys', action.slice('key.'.length), prefix]
    case 'key.rotate':
      return rotateKeyCommand(prefix, graceOf(now, atMs))
    default:
      return null
  }
}

/** The row is written a moment after its grace was counted from. */
function graceOf({ graceUntilMs }: AuditedFields, atMs: number): number | null {
  if (typeof graceUntilMs !== 'number') return null
  return Math.max(0, Math.ceil((graceUntilMs - atMs) / 1000))
}

function nameAndOwner({ name, ownerName }: AuditedFields) {
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof ownerName === 'string' && { owner: ownerName }),
  }
}

/** Null is what a new key has when nothing is said. */
function newKeyFields(fields: AuditedFields): Omit<KeyCommandFields, 'owner'> {
  return toCommandFields(
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  )
}

// The guarantee: an audit row of a key holds its fields as `Key` has them (lib/db/queries/keys).
function toCommandFields(fields: AuditedFields): Omit<KeyCommandFields, 'owner'> {
  const { name, permissions, models, networks, frontends, rateLimit, expiresAtMs, capture } = fields
  return {
    ...(typeof name === 'string' && { name }),
    ...(Array.isArray(permissions) && { permissions }),
    ...(models !== undefined && { models: models as ModelRules }),
    ...(networks !== undefined && { networks: networks as NetworkRules }),
    ...(frontends !== undefined && { frontends: frontends as string[] | null }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit as RateLimit | null }),
    ...(expiresAtMs !== undefined && { expiresAtMs: expiresAtMs as number | null }),
    ...(capture !== undefined && { capture: capture as boolean | null }),
  }
}
