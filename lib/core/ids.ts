import { randomBytes, randomFillSync } from 'node:crypto'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A time-ordered id of 26 characters (ULID): 48 bits of milliseconds, 80 bits of chance. */
export function newId(nowMs: number = Date.now()): string {
  let time = ''
  for (let rest = nowMs, i = 0; i < 10; i++) {
    time = crockford[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  const bytes = takeRandomBytes(16)
  let chance = ''
  for (const byte of bytes) chance += crockford[byte & 31]
  return time + chance
}

/** The id of one client request: `req_` and a time-ordered id. */
export function newRequestId(nowMs?: number): string {
  return `req_${newId(nowMs)}`
}

/** Uniform base62 text: bytes past the largest multiple of 62 are thrown away. */
export function randomBase62(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += base62[byte % 62]
    }
  }
  return text
}

// One system call for 256 ids: randomBytes per request costs more than the rest of an id.
const pool = new Uint8Array(4096)
let poolUsed = pool.length

function takeRandomBytes(count: number): Uint8Array {
  if (poolUsed + count > pool.length) {
    randomFillSync(pool)
    poolUsed = 0
  }
  poolUsed += count
  return pool.subarray(poolUsed - count, poolUsed)
}
