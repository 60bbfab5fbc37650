import { LRUCache } from 'lru-cache'
import type { Clock } from '@/lib/core/clock'
import { CorralError, type ErrorCode } from '@/lib/core/errors'
import type { KeyWithSecretDigests } from '@/lib/db/contract'
import {
  bytesOfDigest,
  findEqualBcrypt,
  findEqualDigest,
  type KnownSecret,
  knowSecret,
} from './check-secret'
import type { Credential, Principal } from './contract'
import { digestKeySecret, parseKeyToken } from './key-token'
import { limitPermissions } from './permissions'
import { type RefusedKey, refuseKey } from './refused-key'
import { mostGenerousLimit, narrowToTeams } from './team-rules'

export type Authenticator = {
  /**
   * Who a credential belongs to (A1, A4). Throws `auth.key_malformed` and `auth.key_unknown` (401),
   * `auth.key_revoked`, `auth.key_disabled`, `auth.key_expired`, `auth.owner_inactive` (403, once
   * the secret was right; `refusedKeyOf` tells whose it is), and `auth.unavailable` (503) for a key
   * that is not known here while the database does not answer. At once for a key that is known.
   */
  authenticate(credential: Credential): Principal | Promise<Principal>
  /** Has every key read again before its next use: for a change of keys or users. */
  forget(): void
}

export type AuthenticatorOptions = {
  findKey(prefix: string): Promise<KeyWithSecretDigests | null>
  replaceDigest(secretId: string, digest: string): Promise<void>
  clock: Clock
}

const keysMax = 10_000
const keyFreshMs = 60_000
const retryMs = 5000
const unknownMax = 10_000
const unknownFreshMs = 5000
export const lookupsMax = 256
const lookupTimeoutMs = 5000
const changedWaitMs = 1000

/**
 * Keys stay in memory by their prefix, with digests only. One that is older than a minute is
 * served while it is read again, so a lost database does not lock out who was known. Prefixes
 * that nobody has are remembered apart, so a flood of bad keys drives out no good one.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { clock } = options
  const known = new LRUCache<string, KnownKey>({ max: keysMax })
  const unknown = new LRUCache<string, number>({ max: unknownMax })
  const lookups = new Map<string, Promise<KnownKey | null>>()
  let generation = 0

  const lookUp = (prefix: string): Promise<KnownKey | null> => {
    const running = lookups.get(prefix)
    if (running !== undefined) return running
    if (lookups.size >= lookupsMax) return Promise.reject(unavailable())
    const begunIn = generation
    const lookup = findWithin(options, prefix)
      .then((key) => {
        const found = key === null ? null : knowKey(key, clock.monotonicMs(), begunIn)
        if (begunIn === generation) remember(prefix, found)
        return found
      })
      .finally(() => {
        if (lookups.get(prefix) === lookup) lookups.delete(prefix)
      })
    lookups.set(prefix, lookup)
    return lookup
  }

  const remember = (prefix: string, found: KnownKey | null) => {
    if (found !== null) {
      known.set(prefix, found)
      unknown.delete(prefix)
    } else {
      known.delete(prefix)
      unknown.set(prefix, clock.monotonicMs())
    }
  }

  /** A change came since it was read. Where the database does not answer, it goes on as known. */
  const findChanged = async (prefix: string, found: KnownKey): Promise<KnownKey | null> => {
    if (clock.monotonicMs() < found.askAgainAtMs) return found
    try {
      return await within(lookUp(prefix), changedWaitMs)
    } catch {
      found.askAgainAtMs = clock.monotonicMs() + retryMs
      return found
    }
  }

  const recall = (prefix: string): KnownKey | null => {
    const found = known.get(prefix)
    if (found === undefined || found.generation !== generation) return null
    const nowMs = clock.monotonicMs()
    if (nowMs - found.readAtMs > keyFreshMs) {
      // Nobody waits for this; where it fails, the key goes on as it was known.
      found.readAtMs = nowMs - keyFreshMs + retryMs
      lookUp(prefix).catch(() => {})
    }
    return found
  }

  const find = async (prefix: string): Promise<KnownKey | null> => {
    const changed = known.get(prefix)
    if (changed !== undefined) return findChanged(prefix, changed)
    const missedAtMs = unknown.get(prefix)
    if (missedAtMs !== undefined && clock.monotonicMs() - missedAtMs <= unknownFreshMs) return null
    return lookUp(prefix)
  }

  const verify = async (found: KnownKey | null, presented: string): Promise<Principal> => {
    const nowMs = clock.nowMs()
    const secrets = found?.secrets ?? []
    if (findEqualDigest(secrets, presented, nowMs) === null) {
      const secret = await findEqualBcrypt(secrets, presented, nowMs)
      if (secret === null) throw unauthenticated('auth.key_unknown')
      replaceBcrypt(options, secret, presented)
    }
    if (found === null) throw unauthenticated('auth.key_unknown')
    requireUsable(found, nowMs)
    return found.principal
  }

  return {
    authenticate({ token }) {
      const parts = parseKeyToken(token)
      if (parts === null) throw unauthenticated('auth.key_malformed')
      const { prefix, secret } = parts
      const found = recall(prefix)
      if (found === null) return find(prefix).then((read) => verify(read, secret))
      const nowMs = clock.nowMs()
      if (findEqualDigest(found.secrets, secret, nowMs) === null) return verify(found, secret)
      requireUsable(found, nowMs)
      return found.principal
    },

    forget() {
      generation++
      unknown.clear()
      lookups.clear()
    },
  }
}

type KnownKey = {
  key: Omit<KeyWithSecretDigests, 'secrets'>
  secrets: readonly KnownSecret[]
  principal: Principal
  identity: RefusedKey
  readAtMs: number
  /** How many changes there had been when it was read. */
  generation: number
  askAgainAtMs: number
}

function knowKey(key: KeyWithSecretDigests, readAtMs: number, generation: number): KnownKey {
  const teams = key.owner.teams ?? []
  const identity = {
    keyId: key.id,
    keyPrefix: key.prefix,
    ownerId: key.owner.id,
    ownerName: key.owner.name,
  }
  const principal: Principal = {
    kind: 'key',
    ...identity,
    keyName: key.name,
    permissions: limitPermissions(key.permissions, key.owner.role),
    models: narrowToTeams(key.models, teams),
    frontends: key.frontends,
    networks: key.networks,
    rateLimit: key.rateLimit ?? key.owner.rateLimit ?? mostGenerousLimit(teams),
    capture: key.capture ?? null,
  }
  const secrets = key.secrets.map(knowSecret)
  return { key, secrets, principal, identity, readAtMs, generation, askAgainAtMs: 0 }
}

async function findWithin(
  { findKey }: AuthenticatorOptions,
  prefix: string,
): Promise<KeyWithSecretDigests | null> {
  try {
    return await within(findKey(prefix), lookupTimeoutMs)
  } catch (cause) {
    throw unavailable(cause)
  }
}

async function within<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer')), milliseconds)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A1: a bcrypt hash verifies once. Where it cannot be stored now, it stays and verifies again. */
function replaceBcrypt(
  { replaceDigest }: AuthenticatorOptions,
  secret: KnownSecret,
  presented: string,
): void {
  const digest = digestKeySecret(presented)
  secret.bcryptHash = null
  secret.digest = bytesOfDigest(digest)
  replaceDigest(secret.id, digest).catch(() => {})
}

function requireUsable({ key, identity }: KnownKey, nowMs: number): void {
  if (key.state === 'revoked') throw refuseKey('auth.key_revoked', identity)
  if (key.state === 'disabled') throw refuseKey('auth.key_disabled', identity)
  if (key.expiresAtMs !== null && nowMs >= key.expiresAtMs) {
    throw refuseKey('auth.key_expired', identity)
  }
  if (!key.owner.active) throw refuseKey('auth.owner_inactive', identity)
}

function unauthenticated(code: ErrorCode): CorralError {
  return new CorralError(code, { headers: { 'WWW-Authenticate': 'Bearer' } })
}

function unavailable(cause?: unknown): CorralError {
  return new CorralError('auth.unavailable', { retryAfterS: 5, cause })
}
