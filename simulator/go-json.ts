/** A JSON value as Go would decode it into `any`. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

/** The body is not what Go's decoder wants; the message is the decoder's own. */
export class GoJsonError extends Error {}

/**
 * Decodes the first JSON value of a text, as `json.Decoder.Decode` does: what follows it is not
 * read. Throws `GoJsonError` with Go's words: `EOF`, `unexpected EOF`, `invalid character ...`.
 * Of equal keys the last one stands, at the last place, so that `findField` can obey Go's rule.
 */
export function parseGoJson(text: string): Json {
  const cursor = { text, at: 0 }
  skipSpace(cursor)
  if (cursor.at >= text.length) throw new GoJsonError('EOF')
  return readValue(cursor, 0)
}

/** Go compares keys without case, and of several matching keys the last one wins. */
export function findField(object: JsonObject, name: string): Json | undefined {
  let found: Json | undefined
  const wanted = name.toLowerCase()
  for (const key in object) {
    if (key === name || (key.length === name.length && key.toLowerCase() === wanted)) {
      found = object[key]
    }
  }
  return found
}

/** `json.Marshal`: as JSON.stringify, but `<`, `>`, `&` and two separators are escaped. */
export function renderGoJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const DEPTH_MAX = 10_000

type Cursor = { text: string; at: number }

function readValue(cursor: Cursor, depth: number): Json {
  if (depth > DEPTH_MAX) throw new GoJsonError('exceeded max depth')
  skipSpace(cursor)
  const character = cursor.text[cursor.at]
  if (character === undefined) throw new GoJsonError('unexpected EOF')
  if (character === '{') return readObject(cursor, depth)
  if (character === '[') return readArray(cursor, depth)
  if (character === '"') return readString(cursor)
  if (character === 't') return readWord(cursor, 'true', true)
  if (character === 'f') return readWord(cursor, 'false', false)
  if (character === 'n') return readWord(cursor, 'null', null)
  if (character === '-' || (character >= '0' && character <= '9')) return readNumber(cursor)
  throw invalid(cursor, 'looking for beginning of value')
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  const object: JsonObject = {}
  cursor.at += 1
  skipSpace(cursor)
  if (peek(cursor) === '}') {
    cursor.at += 1
    return object
  }
  for (;;) {
    skipSpace(cursor)
    if (peek(cursor) !== '"') throw invalid(cursor, 'looking for beginning of object key string')
    const key = readString(cursor)
    skipSpace(cursor)
    if (peek(cursor) !== ':') throw invalid(cursor, 'after object key')
    cursor.at += 1
    const value = readValue(cursor, depth + 1)
    if (Object.hasOwn(object, key)) delete object[key]
    Object.defineProperty(object, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
    skipSpace(cursor)
    const next = peek(cursor)
    if (next !== ',' && next !== '}') throw invalid(cursor, 'after object key:value pair')
    cursor.at += 1
    if (next === '}') return object
  }
}

function readArray(cursor: Cursor, depth: number): Json[] {
  const array: Json[] = []
  cursor.at += 1
  skipSpace(cursor)
  if (peek(cursor) === ']') {
    cursor.at += 1
    return array
  }
  for (;;) {
    array.push(readValue(cursor, depth + 1))
    skipSpace(cursor)
    const next = peek(cursor)
    if (next !== ',' && next !== ']') throw invalid(cursor, 'after array element')
    cursor.at += 1
    if (next === ']') return array
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters end a plain run
const PLAIN = /[^"\\\u0000-\u001f]*/y

function readString(cursor: Cursor): string {
  const start = cursor.at
  cursor.at += 1
  for (;;) {
    PLAIN.lastIndex = cursor.at
    PLAIN.exec(cursor.text)
    cursor.at = PLAIN.lastIndex
    const character = peek(cursor)
    if (character === '"') break
    if (character !== '\\') throw invalid(cursor, 'in string literal')
    readEscape(cursor)
  }
  cursor.at += 1
  return JSON.parse(cursor.text.slice(start, cursor.at)) as string
}

function readEscape(cursor: Cursor): void {
  cursor.at += 1
  const kind = peek(cursor)
  if (!'"\\/bfnrtu'.includes(kind)) throw invalid(cursor, 'in string escape code')
  cursor.at += 1
  if (kind !== 'u') return
  for (let digit = 0; digit < 4; digit++) {
    if (!/[0-9a-fA-F]/.test(peek(cursor))) {
      throw invalid(cursor, 'in \\u hexadecimal character escape')
    }
    cursor.at += 1
  }
}

const NUMBER = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y

function readNumber(cursor: Cursor): number {
  NUMBER.lastIndex = cursor.at
  const match = NUMBER.exec(cursor.text)
  if (!match) {
    cursor.at += 1
    throw invalid(cursor, 'in numeric literal')
  }
  cursor.at = NUMBER.lastIndex
  return Number(match[0])
}

function readWord<T extends Json>(cursor: Cursor, word: string, value: T): T {
  for (let index = 0; index < word.length; index++, cursor.at++) {
    if (peek(cursor) !== word[index]) {
      throw invalid(cursor, `in literal ${word} (expecting '${word[index]}')`)
    }
  }
  return value
}

function peek(cursor: Cursor): string {
  const character = cursor.text[cursor.at]
  if (character === undefined) throw new GoJsonError('unexpected EOF')
  return character
}

function skipSpace(cursor: Cursor): void {
  while (' \t\r\n'.includes(cursor.text[cursor.at] ?? 'x')) cursor.at += 1
}

function invalid(cursor: Cursor, where: string): GoJsonError {
  const character = peek(cursor)
  const shown =
    character === "'" ? "\\'" : character === '"' ? '"' : JSON.stringify(character).slice(1, -1)
  return new GoJsonError(`invalid character '${shown}' ${where}`)
}
