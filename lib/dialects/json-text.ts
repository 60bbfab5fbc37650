import { isUtf8 } from 'node:buffer'
import { isKey, type JsonKeys } from './json-keys'
import {
  afterKnownString,
  afterKnownValue,
  afterScalar,
  afterSpace,
  afterString,
  asBuffer,
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  letterU,
  notJson,
  openBrace,
  openBracket,
  quote,
  unexpected,
} from './json-tokens'

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'
/** Where a value stands in the text: `end` is the first byte after it. */
export type JsonSpan = { start: number; end: number; type: JsonType }
export type JsonObjectScan = {
  /** The wanted members by folded key; the last one wins, but a `null` never hides a value. */
  members: ReadonlyMap<string, JsonSpan>
  /** Wanted keys that stand in the object more than once. */
  repeated: ReadonlySet<string>
  /** The byte of the closing brace, and whether anything stands before it. */
  close: number
  empty: boolean
}

/**
 * Reads a JSON object in one pass over its bytes, without recursion and without decoding more
 * than the keys: strict JSON in strict UTF-8, at most 10,000 deep (as Go's decoder), one value
 * and nothing after it. Every value costs time that all streams of this process wait for: there
 * are a million at most, and a quarter of that in members of objects. Lone surrogate escapes pass,
 * as in Go. Throws `http.body_not_json`.
 */
export function scanJsonObject(bytes: Uint8Array, wanted: JsonKeys): JsonObjectScan {
  if (!isUtf8(bytes)) throw notJson('it is not UTF-8')
  const text = asBuffer(bytes)
  const view =
    text.length < viewBytesMin ? null : new DataView(text.buffer, text.byteOffset, text.byteLength)
  const members = new Map<string, JsonSpan>()
  const repeated = new Set<string>()
  let at = afterSpace(text, 0)
  if (at >= text.length) throw notJson('it ends too early')
  if (text[at] !== openBrace) throw notJson('the outermost value is not an object')

  // One entry for each open container: true is an object.
  const open: boolean[] = []
  let key: string | null = null
  let valueStart = at
  let close = at
  let empty = true
  let values = 0
  let memberCount = 0

  for (;;) {
    if (++values > valuesMax) throw notJson(`it has more than ${valuesMax} values`)
    const byte = text[at]
    let closed = true
    if (byte === openBrace || byte === openBracket) {
      if (open.length >= depthMax) throw notJson(`it is nested deeper than ${depthMax}`)
      const isObject = byte === openBrace
      open.push(isObject)
      at = afterSpace(text, at + 1)
      if (text[at] === (isObject ? closeBrace : closeBracket)) {
        open.pop()
        close = at++
      } else {
        closed = false
      }
    } else {
      at = afterScalar(text, at, view)
    }

    while (closed) {
      if (open.length === 1 && key !== null) {
        keep(members, repeated, key, { start: valueStart, end: at, type: typeAt(text, valueStart) })
        key = null
      }
      at = afterSpace(text, at)
      // Looked at before the place before the first is asked for: V8 would look for a name there.
      if (open.length === 0) {
        if (at !== text.length) throw unexpected(text, at)
        return { members, repeated, close, empty }
      }
      if (text[at] === comma) {
        at = afterSpace(text, at + 1)
        closed = false
      } else if (text[at] === (open[open.length - 1] ? closeBrace : closeBracket)) {
        open.pop()
        close = at++
      } else {
        throw unexpected(text, at)
      }
    }

    if (open[open.length - 1]) {
      if (text[at] !== quote) throw unexpected(text, at)
      if (++memberCount > membersMax) throw notJson(`it has more than ${membersMax} members`)
      const keyStart = at
      at = afterString(text, at, view)
      const keyEnd = at
      at = afterSpace(text, at)
      if (text[at] !== colon) throw unexpected(text, at)
      at = afterSpace(text, at + 1)
      if (open.length === 1) {
        empty = false
        key = wanted.find(text, keyStart, keyEnd)
        valueStart = at
      }
    }
  }
}

function keep(
  members: Map<string, JsonSpan>,
  repeated: Set<string>,
  key: string,
  span: JsonSpan,
): void {
  const earlier = members.get(key)
  if (earlier) repeated.add(key)
  if (!earlier || span.type !== 'null') members.set(key, span)
}

/** Visits the known members of an object in text that `scanJsonObject` has passed; keys folded. */
export function forEachMember(
  bytes: Uint8Array,
  { object, keys }: { object: JsonSpan; keys: JsonKeys },
  visit: (key: string, value: JsonSpan) => void,
): void {
  const text = asBuffer(bytes)
  walkMembers(text, object, (keyStart, keyEnd, start, end) => {
    const key = keys.find(text, keyStart, keyEnd)
    if (key !== null) visit(key, { start, end, type: typeAt(text, start) })
  })
}

/** The last member with exactly this key in passed text. */
export function findMember(bytes: Uint8Array, object: JsonSpan, key: string): JsonSpan | null {
  const text = asBuffer(bytes)
  const found: JsonSpan[] = []
  walkMembers(text, object, (keyStart, keyEnd, start, end) => {
    if (isKey(text, keyStart, keyEnd, key)) found[0] = { start, end, type: typeAt(text, start) }
  })
  return found[0] ?? null
}

function walkMembers(
  text: Buffer,
  object: JsonSpan,
  visit: (keyStart: number, keyEnd: number, start: number, end: number) => void,
): void {
  let at = afterSpace(text, object.start + 1)
  while (at < object.end && text[at] === quote) {
    const keyEnd = afterKnownString(text, at)
    const start = afterSpace(text, afterSpace(text, keyEnd) + 1)
    const end = afterKnownValue(text, start)
    visit(at, keyEnd, start, end)
    at = afterSpace(text, end)
    if (text[at] === comma) at = afterSpace(text, at + 1)
  }
}

/** Visits the elements of an array in text that `scanJsonObject` has passed. */
export function forEachElement(
  bytes: Uint8Array,
  array: JsonSpan,
  visit: (value: JsonSpan) => void,
): void {
  const text = asBuffer(bytes)
  let at = afterSpace(text, array.start + 1)
  while (at < array.end && text[at] !== closeBracket) {
    const end = afterKnownValue(text, at)
    visit({ start: at, end, type: typeAt(text, at) })
    at = afterSpace(text, end)
    if (text[at] === comma) at = afterSpace(text, at + 1)
  }
}

/** Whether an array or object in passed text has nothing in it. */
export function isEmptyContainer(bytes: Uint8Array, span: JsonSpan): boolean {
  return afterSpace(bytes, span.start + 1) === span.end - 1
}

/** Decodes a small value: a string, a number, a literal. */
export function readScalar(bytes: Uint8Array, span: JsonSpan): string | number | boolean | null {
  const text = asBuffer(bytes)
  if (span.type === 'boolean') return text[span.start] === 0x74
  return JSON.parse(text.toString('utf8', span.start, span.end))
}

/**
 * Characters of a string value, an escape counted as one; nothing is decoded. Past 64 KiB the rest
 * is taken to be like the beginning: the count is for estimates.
 */
export function countCharacters(bytes: Uint8Array, span: JsonSpan): number {
  const start = span.start + 1
  const end = span.end - 1
  const sampleEnd = Math.min(end, start + sampleBytes)
  let count = 0
  for (let at = start; at < sampleEnd; at++) {
    const byte = bytes[at]
    if (byte === undefined) break
    if (byte === backslash) at += bytes[at + 1] === letterU ? 5 : 1
    if ((byte & 0xc0) !== 0x80) count++
  }
  return sampleEnd === end ? count : Math.round((count * (end - start)) / sampleBytes)
}

export const depthMax = 10_000
export const valuesMax = 1_000_000
export const membersMax = 250_000
const sampleBytes = 65_536
const viewBytesMin = 512

function typeAt(text: Uint8Array, at: number): JsonType {
  switch (text[at]) {
    case openBrace:
      return 'object'
    case openBracket:
      return 'array'
    case quote:
      return 'string'
    case 0x74:
    case 0x66:
      return 'boolean'
    case 0x6e:
      return 'null'
    default:
      return 'number'
  }
}
