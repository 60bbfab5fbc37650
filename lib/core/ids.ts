import { randomBytes } from 'node:crypto'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A time-ordered id of 26 characters (ULID): 48 bits of milliseconds, 80 bits of chance. */
export function newId(nowMs: number = Date.now()): string {
  return renderTime(nowMs) + takeChance()
}

/** Ten letters; all but the last two stay for a second. */
function renderTime(nowMs: number): string {
  const low = nowMs % 1024
  const high = (nowMs - low) / 1024
  if (high !== renderedHigh) {
    renderedHigh = high
    highLetters = ''
    for (let rest = high, i = 0; i < 8; i++) {
      highLetters = letter(rest % 32) + highLetters
      rest = Math.floor(rest / 32)
    }
  }
  return highLetters + letter(low >> 5) + letter(low & 31)
}

let renderedHigh = Number.NaN
let highLetters = ''

function letter(value: number): string {
  return crockford.charAt(value)
}

function takeChance(): string {
  const chance = chances.pop()
  if (chance !== undefined) return chance
  chances = renderChances()
  return takeChance()
}

// Many at once: neither the system call nor the letters are met with cold caches for each request.
const chancesAtOnce = 64
const chanceLength = 16
let chances: string[] = []

function renderChances(): string[] {
  const letters = randomBytes(chancesAtOnce * chanceLength)
  for (let i = 0; i < letters.length; i++) {
    letters[i] = crockford.charCodeAt((letters[i] ?? 0) & 31)
  }
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
