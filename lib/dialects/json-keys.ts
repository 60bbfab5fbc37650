import { backslash } from './json-tokens'

/**
 * Names that are looked for among the keys of JSON objects. Nearly every key is plain ASCII and is
 * compared where it stands: making a text of each takes longer than the rest of a small body.
 */
export class JsonKeys {
  private readonly byLength: string[][] = []

  /** `names` as `foldKey` gives them, and plain ASCII. */
  constructor(names: Iterable<string>) {
    for (const name of names) {
      this.byLength[name.length] ??= []
      this.byLength[name.length]?.push(name)
    }
  }

  /** The name that the key between the quotes at `start` and before `end` folds to, or null. */
  find(text: Buffer, start: number, end: number): string | null {
    if (end - start > keyBytesMax) return null
    if (!isPlainKey(text, start, end)) {
      const folded = foldKey(decodeKey(text, start, end))
      return this.byLength[folded.length]?.includes(folded) ? folded : null
    }
    for (const name of this.byLength[end - start - 2] ?? []) {
      if (foldsTo(text, start + 1, name)) return name
    }
    return null
  }
}

/** Whether the key between the quotes at `start` and before `end` is exactly this plain name. */
export function isKey(text: Buffer, start: number, end: number, name: string): boolean {
  if (end - start > keyBytesMax) return false
  if (!isPlainKey(text, start, end)) return decodeKey(text, start, end) === name
  if (end - start - 2 !== name.length) return false
  for (let i = 0; i < name.length; i++) {
    if (text[start + 1 + i] !== name.charCodeAt(i)) return false
  }
  return true
}

// A longer key is none that anyone looks for, and is not worth a look at its bytes.
const keyBytesMax = 200

/**
 * Folds a key as Go's encoding/json does when it looks for a field: without case, with U+017F
 * as s and U+212A (the Kelvin sign) as k.
 */
export function foldKey(key: string): string {
  return key.toLowerCase().replaceAll('\u017f', 's')
}

function foldsTo(text: Buffer, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const byte = text[from + i] ?? 0
    const isUpper = byte >= 0x41 && byte <= 0x5a
    if ((isUpper ? byte | 0x20 : byte) !== name.charCodeAt(i)) return false
  }
  return true
}

function isPlainKey(text: Buffer, start: number, end: number): boolean {
  for (let at = start + 1; at < end - 1; at++) {
    const byte = text[at]
    if (byte === undefined || byte === backslash || byte >= 0x80) return false
  }
  return true
}

function decodeKey(text: Buffer, start: number, end: number): string {
  return JSON.parse(text.toString('utf8', start, end))
}
