import { hash } from 'node:crypto'
import { randomBase62 } from '@/lib/core/ids'

/**
 * A new key token `op_<prefix>_<secret>` (A1), shown once; what is stored are the prefix and the
 * secret's digest. A rotation keeps the prefix.
 */
export function makeKeyToken(options: { prefix?: string } = {}): {
  token: string
  prefix: string
  digest: string
} {
  const prefix = options.prefix ?? randomBase62(10)
  const secret = randomBase62(43)
  return { token: `op_${prefix}_${secret}`, prefix, digest: digestKeySecret(secret) }
}

/** The parts of a whole token, or null for anything else. */
export function parseKeyToken(token: string): { prefix: string; secret: string } | null {
  if (!tokenShape.test(token)) return null
  return { prefix: token.slice(3, 13), secret: token.slice(14) }
}

/** Whether a text claims to be a key of ours, whole or not: SDKs send other words as well. */
export function isOwnKeyForm(token: string): boolean {
  return token.startsWith('op_')
}

/** SHA-256 in hex. */
export function digestKeySecret(secret: string): string {
  return hash('sha256', secret, 'hex')
}

const tokenShape = /^op_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}$/
