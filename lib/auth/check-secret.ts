import { hash, timingSafeEqual } from 'node:crypto'
import { compare } from 'bcryptjs'
import { CorralError } from '@/lib/core/errors'
import type { KeyWithSecretDigests } from '@/lib/db/contract'

/** A stored secret made ready for many comparisons: its digest in hex, as bytes, or a bcrypt hash. */
export type KnownSecret = {
  id: string
  validUntilMs: number | null
  digest: Buffer | null
  bcryptHash: string | null
}

export function knowSecret(stored: KeyWithSecretDigests['secrets'][number]): KnownSecret {
  const { id, validUntilMs, kind, digest } = stored
  if (kind === 'bcrypt') return { id, validUntilMs, digest: null, bcryptHash: digest }
  return { id, validUntilMs, digest: bytesOfDigest(digest), bcryptHash: null }
}

/**
 * The secret whose SHA-256 digest a presented one has, or null. Each is compared in constant time,
 * and there is a comparison where there is nothing to compare: who does not know a secret learns
 * nothing from the time. A secret whose grace is over (A5) equals nothing.
 */
export function findEqualDigest(
  secrets: readonly KnownSecret[],
  presented: string,
  nowMs: number,
): KnownSecret | null {
  // Asked for as bytes, it takes twice as long.
  const digest = bytesOfDigest(hash('sha256', presented, 'hex'))
  let equal: KnownSecret | null = null
  if (secrets.length === 0) timingSafeEqual(digest, nobodysDigest)
  for (const secret of secrets) {
    const known = secret.digest?.length === digest.length
    const stored = known && secret.digest ? secret.digest : nobodysDigest
    if (timingSafeEqual(digest, stored) && known && isValid(secret, nowMs)) equal = secret
  }
  return equal
}

/**
 * The secret whose bcrypt hash a presented one has, or null. A comparison takes a tenth of a second
 * of this thread: where several run already, `auth.unavailable`.
 */
export async function findEqualBcrypt(
  secrets: readonly KnownSecret[],
  presented: string,
  nowMs: number,
): Promise<KnownSecret | null> {
  for (const secret of secrets) {
    if (secret.bcryptHash === null || !isValid(secret, nowMs)) continue
    if (bcryptComparisons >= bcryptComparisonsMax) {
      throw new CorralError('auth.unavailable', { retryAfterS: 1 })
    }
    bcryptComparisons++
    try {
      if (await compare(presented, secret.bcryptHash)) return secret
    } finally {
      bcryptComparisons--
    }
  }
  return null
}

export function bytesOfDigest(hex: string): Buffer {
  return Buffer.from(hex, 'latin1')
}

/** As long as a digest in hex; nobody knows what has this one. */
const nobodysDigest = Buffer.alloc(64)
export const bcryptComparisonsMax = 4
let bcryptComparisons = 0

function isValid({ validUntilMs }: KnownSecret, nowMs: number): boolean {
  return validUntilMs === null || nowMs < validUntilMs
}
