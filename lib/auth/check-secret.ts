import { timingSafeEqual } from 'node:crypto'
import { compare } from 'bcryptjs'
import { CorralError } from '@/lib/core/errors'
import type { KeyWithSecretDigests } from '@/lib/db/contract'
import { digestKeySecret } from './key-token'

export type KeySecret = KeyWithSecretDigests['secrets'][number]

/**
 * The stored secret that a presented one equals, or null. Every digest is compared, in constant
 * time, and one that stands for no key when there is none: who does not know a secret learns
 * nothing from the time. A secret whose grace is over (A5) equals nothing.
 */
export async function findEqualSecret(
  secrets: readonly KeySecret[],
  presented: string,
  nowMs: number,
): Promise<KeySecret | null> {
  const digest = Buffer.from(digestKeySecret(presented), 'hex')
  let equal: KeySecret | null = null
  if (secrets.length === 0) timingSafeEqual(digest, nobodysDigest)
  for (const secret of secrets) {
    if (secret.kind !== 'sha256') continue
    const stored = Buffer.from(secret.digest, 'hex')
    const comparable = stored.length === digest.length ? stored : nobodysDigest
    const same = timingSafeEqual(digest, comparable)
    if (same && comparable === stored && isValid(secret, nowMs)) equal = secret
  }
  return equal ?? findEqualBcrypt(secrets, presented, nowMs)
}

const nobodysDigest = Buffer.alloc(32)
const bcryptComparisonsMax = 4
let bcryptComparisons = 0

/** A comparison takes a tenth of a second of this thread: few at a time, and none for a queue. */
async function findEqualBcrypt(
  secrets: readonly KeySecret[],
  presented: string,
  nowMs: number,
): Promise<KeySecret | null> {
  for (const secret of secrets) {
    if (secret.kind !== 'bcrypt' || !isValid(secret, nowMs)) continue
    if (bcryptComparisons >= bcryptComparisonsMax) {
      throw new CorralError('auth.unavailable', { retryAfterS: 1 })
    }
    bcryptComparisons++
    try {
      if (await compare(presented, secret.digest)) return secret
    } finally {
      bcryptComparisons--
    }
  }
  return null
}

function isValid({ validUntilMs }: KeySecret, nowMs: number): boolean {
  return validUntilMs === null || nowMs < validUntilMs
}
