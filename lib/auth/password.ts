import { hash, verify } from '@node-rs/argon2'
import { compare } from 'bcryptjs'

/** Argon2id with OWASP's first recommendation: 19 MiB, 2 passes, 1 lane. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
}

/** Takes our own hashes and the bcrypt ones of older proxies; any other hash fits no password. */
export async function verifyPassword(password: string, passwordHash: string): Promise<boolean> {
  try {
    if (isBcryptHash(passwordHash)) return await compare(password, passwordHash)
    return await verify(passwordHash, password)
  } catch {
    return false
  }
}

/** Whether a password that fitted should be hashed again (A9). */
export function isBcryptHash(passwordHash: string): boolean {
  return /^\$2[abxy]\$\d\d\$/.test(passwordHash)
}
