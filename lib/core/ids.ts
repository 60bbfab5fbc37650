import { randomBytes } from 'node:crypto'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A time-ordered id of 26 characters (ULID): 48 bits of milliseconds, 80 bits of chance. */
export function newId(nowMs: number = Date.now()): string {
  if (nowMs !== renderedMs) {
    renderedMs = nowMs
    renderedTime = renderTime(nowMs)
  }
  const chance = chances.pop()
  if (chance !== undefined) return renderedTime + chance
  chances = renderChances()
  return newId(nowMs)
}

let renderedMs = Number.NaN
let renderedTime = ''

function renderTime(nowMs: number): string {
  let time = ''
  for (let rest = nowMs, i = 0; i < 10; i++) {
    time = crockford[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  return time
}

// Many at once: neither the system call nor the letters are met with cold caches for each request.
const chancesAtOnce = 64
const chanceLength = 16
let chances: string[] = []

function renderChances(): string[] {
  const letters = randomBytes(chancesAtOnce * chanceLength)
  for (const [i, byte] of letters.entries()) letters[i] = crockford.charCodeAt(byte & 31)
  return Array.from({ length: chancesAtOnce }, (_, i) =>
    letters.toString('latin1', i * chanceLength, (i + 1) * chanceLength),
  )
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
