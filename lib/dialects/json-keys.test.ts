import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldKey, isKey, JsonKeys } from './json-keys'

const names = ['model', 'stream', 'keep_alive', 'k', 'stream_options']
const keys = new JsonKeys(names)

/** Names in any case, with what folds to them, escaped or not, and what only looks alike. */
const written = fc
  .tuple(
    fc.constantFrom(...names),
    fc.array(fc.nat(5)),
    fc.constantFrom('', '', 'x', '@', '\u0130'),
  )
  .map(
    ([name, ways, end]) => [...name].map((letter, i) => disguise(letter, ways[i])).join('') + end,
  )

function disguise(letter: string, way = 0): string {
  if (way === 1) return letter.toUpperCase()
  if (way === 2) return letter.replace('s', '\u017f').replace('k', '\u212a')
  // One bit away from a letter, as upper case is.
  if (way === 3) return String.fromCharCode(letter.charCodeAt(0) ^ 0x20)
  return letter
}

function escaped(text: string): string {
  return [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
}

test('a key is found where it stands as it would be from its text', () => {
  let found = 0
  fc.assert(
    fc.property(written, fc.boolean(), (key, asEscapes) => {
      const bytes = Buffer.from(asEscapes ? `,"${escaped(key)}":` : `,${JSON.stringify(key)}:`)
      const folded = foldKey(key)
      const expected = names.includes(folded) ? folded : null
      if (expected !== null) found++
      expect(keys.find(bytes, 1, bytes.length - 1)).toBe(expected)
      expect(isKey(bytes, 1, bytes.length - 1, 'keep_alive')).toBe(key === 'keep_alive')
    }),
    { numRuns: 2000 },
  )
  expect(found).toBeGreaterThan(100)
})

test('a key of more bytes than any that is looked for is not decoded', () => {
  const bytes = Buffer.from(`"${'\\u006d'.repeat(40)}"`)
  expect(new JsonKeys(['m'.repeat(40)]).find(bytes, 0, bytes.length)).toBeNull()
})
