import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldKey, JsonKeys } from './json-keys'
import { scanJsonObject } from './json-text'

const wanted = new JsonKeys(['model', 'messages'])

function scan(text: string | Uint8Array) {
  return scanJsonObject(typeof text === 'string' ? Buffer.from(text) : text, wanted)
}

function problemOf(text: string | Uint8Array): string {
  try {
    scan(text)
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.message : 'none'
  }
}

describe('scanJsonObject', () => {
  test('accepts what JSON.parse accepts and refuses what it refuses', () => {
    const spoiled = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '{', '}', '"', '\\', ',', '0', 'e', ' ', '\n', '\u0001'),
      )
      .map(([text, place, piece]) => {
        const at = place % (text.length + 1)
        return text.slice(0, at) + piece + text.slice(at + (place % 2))
      })
    fc.assert(
      fc.property(spoiled, (text) => {
        const whole = `{"model":${text}}`
        expect(problemOf(whole) === 'none').toBe(parses(whole))
      }),
      { numRuns: 3000 },
    )
  })

  test('finds the span of every wanted value', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.constantFrom(0, 2),
        (model, messages, indent) => {
          const text = JSON.stringify(
            { a: [model], MODEL: model, b: { model: 1 }, messages },
            null,
            indent,
          )
          const { members } = scan(text)
          for (const [key, value] of [
            ['model', model],
            ['messages', messages],
          ] as const) {
            const span = members.get(key)
            if (!span) throw new Error(`${key} was not found`)
            const bytes = Buffer.from(text).subarray(span.start, span.end).toString()
            expect(bytes).toBe(Buffer.from(nested(value, indent)).toString())
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  test.each([
    ['', 'it ends too early'],
    ['   ', 'it ends too early'],
    ['{"model":', 'it ends too early'],
    ['{', 'it ends too early'],
    ['{"a":"b', 'it ends too early'],
    ['[]', 'not an object'],
    ['null', 'not an object'],
    ['"x"', 'not an object'],
    ['{} {}', 'unexpected character at byte 3'],
    ['{"a":1}x', 'unexpected character at byte 7'],
    ['\uFEFF{}', 'not an object'],
    ['{"a":01}', 'unexpected'],
    ['{"a":1.}', 'unexpected'],
    ['{"a":+1}', 'unexpected'],
    ['{"a":NaN}', 'unexpected'],
    ["{'a':1}", 'unexpected'],
    ['{"a":1,}', 'unexpected'],
    ['{"a":[1,]}', 'unexpected'],
    ['{"a":[}}', 'unexpected'],
    ['{"a" 1}', 'unexpected'],
    ['{"a":"\t"}', 'unexpected'],
    ['{"a":"\\x"}', 'unexpected'],
    ['{"a":"\\u12g4"}', 'unexpected'],
    ['{a:1}', 'unexpected'],
  ])('refuses %j: %s', (text, problem) => {
    expect(problemOf(text)).toContain(problem)
  })

  test('sees every character that must be escaped, wherever it stands in a string', () => {
    for (let code = 0; code < 128; code++) {
      for (let at = 0; at < 9; at++) {
        const text = `{"a":"${'x'.repeat(at)}${String.fromCharCode(code)}\u007f${'y'.repeat(9 - at)}"}`
        expect({ code, at, read: problemOf(text) === 'none' }).toEqual({
          code,
          at,
          read: parses(text),
        })
      }
    }
  })

  test('refuses wrong UTF-8, accepts lone surrogate escapes as Go does', () => {
    expect(problemOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toContain('UTF-8')
    expect(problemOf('{"a":"\\ud800"}')).toBe('none')
  })

  test('100,000 levels are refused without a stack overflow, 10,000 are read', () => {
    const deep = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
    expect(problemOf(deep(100_000))).toContain('nested deeper than 10000')
    expect(problemOf(`{"a":${'['.repeat(100_000)}`)).toContain('nested deeper')
    expect(problemOf('{"a":'.repeat(100_000))).toContain('nested deeper')
    expect(problemOf(deep(9_999))).toBe('none')
  })

  test('knows which wanted keys stand twice, in any case and spelling', () => {
    for (const other of ['model', 'Model', 'MODEL', '\\u006dodel', '\\u004DODEL']) {
      expect(scan(`{"model":"a","${other}":"b"}`).repeated.has('model')).toBe(true)
    }
    expect(scan('{"model":"a","models":"b","x":{"model":1}}').repeated.size).toBe(0)
    expect(scan('{"meſſages":[]}').members.has('messages')).toBe(true)
  })

  test('keys are folded as Go folds them', () => {
    expect(foldKey('\u212Aeep')).toBe('keep')
    expect(foldKey('\u017Ftream')).toBe('stream')
  })

  test('a null does not hide an earlier value of the same key', () => {
    const { members } = scan('{"messages":[1],"Messages":null}')
    expect(members.get('messages')?.type).toBe('array')
  })

  test('more values than any client sends are refused before they cost seconds', () => {
    expect(problemOf(`{"a":[${'1,'.repeat(1_000_000)}1]}`)).toContain('more than 1000000 values')
    expect(problemOf(`{${'"a":1,'.repeat(250_000)}"b":1}`)).toContain('250000 members')
    expect(problemOf(`{"a":[${'1,'.repeat(900_000)}1]}`)).toBe('none')
  })

  test('members that nobody wants are not kept', () => {
    const text = Buffer.from(`{${'"a":1,'.repeat(200_000)}"model":"m"}`)
    expect(scan(text).members.size).toBe(1)
  })
})

// What JSON.parse says, but that a body must be an object and duplicates are fine.
function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// A value as JSON.stringify writes it one level down.
function nested(value: unknown, indent: number): string {
  const whole = JSON.stringify({ v: value }, null, indent)
  const start = whole.indexOf(':') + (indent > 0 ? 2 : 1)
  return whole.slice(start, whole.length - (indent > 0 ? 2 : 1))
}
