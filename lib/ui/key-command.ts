import type { ModelRules, NetworkRules, RateLimit } from '@/lib/schemas/entities'

/** What a form says of a key; what is left out stays, or is as `corral` has it. */
export type KeyCommandFields = {
  name?: string
  owner?: string
  permissions?: readonly string[]
  models?: ModelRules
  networks?: NetworkRules
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
  const { permissions, models, networks, rateLimit, expiresAtMs, capture } = fields
  return [
    ...(permissions === undefined ? [] : ['--permissions', permissions.join(',')]),
    ...rules(models, '--models', '--deny-models'),
    ...rules(networks, '--networks', '--deny-networks'),
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

function renderLimit(limit: RateLimit | null): string {
  return limit === null ? 'none' : `${limit.requests}/${limit.windowSeconds}s`
}

function renderExpiry(atMs: number | null): string {
  return atMs === null ? 'none' : new Date(atMs).toISOString()
}

function renderCapture(capture: boolean | null): string {
  if (capture === null) return 'inherit'
  return capture ? 'on' : 'off'
}

type AuditedKey = { action: string; before: unknown; after: unknown }

/** The same act again as an audit row of a key tells it; null where no command does that. */
export function keyAuditCommand({ action, before, after }: AuditedKey): string[] | null {
  const now = readFields(after)
  const prefix = now.prefix ?? readFields(before).prefix
  if (typeof prefix !== 'string') return null
  switch (action) {
    case 'key.create':
      return createKeyCommand({ ...toCommandFields(now), ...nameAndOwner(now) })
    case 'key.update':
      return updateKeyCommand(prefix, toCommandFields(changedOf(readFields(before), now)))
    case 'key.disable':
    case 'key.enable':
    case 'key.revoke':
      return ['keys', action.slice('key.'.length), prefix]
    case 'key.rotate':
      return ['keys', 'rotate', prefix]
    default:
      return null
  }
}

type Fields = Readonly<Record<string, unknown>>

function changedOf(before: Fields, after: Fields): Fields {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
    ),
  )
}

function nameAndOwner({ name, ownerName }: Fields) {
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof ownerName === 'string' && { owner: ownerName }),
  }
}

// The guarantee: an audit row of a key holds its fields as `Key` has them (lib/db/queries/keys).
function toCommandFields(fields: Fields): Omit<KeyCommandFields, 'owner'> {
  const { name, permissions, models, networks, rateLimit, expiresAtMs, capture } = fields
  return {
    ...(typeof name === 'string' && { name }),
    ...(Array.isArray(permissions) && { permissions }),
    ...(models !== undefined && { models: models as ModelRules }),
    ...(networks !== undefined && { networks: networks as NetworkRules }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit as RateLimit | null }),
    ...(expiresAtMs !== undefined && { expiresAtMs: expiresAtMs as number | null }),
    ...(capture !== undefined && { capture: capture as boolean | null }),
  }
}

function readFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
