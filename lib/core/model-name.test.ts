import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCloudModelName, normalizeModelName } from './model-name'

describe('normalizeModelName', () => {
  it.each([
    ['llama3.2', 'llama3.2:latest'],
    ['llama3.2:latest', 'llama3.2:latest'],
    ['LLAMA3.2:Latest', 'llama3.2:latest'],
    [' llama3.2\n', 'llama3.2:latest'],
    ['library/llama3.2', 'llama3.2:latest'],
    ['registry.ollama.ai/library/X:1', 'x:1'],
    ['https://registry.ollama.ai/library/x:1', 'x:1'],
    ['registry.ollama.ai/mike/x', 'mike/x:latest'],
    ['hf.co/Org/Repo:Q4_K_M', 'hf.co/org/repo:q4_k_m'],
    ['localhost:5000/ns/x', 'localhost:5000/ns/x:latest'],
    ['hf.co/library/x', 'hf.co/library/x:latest'],
    ['x:local', 'x:latest'],
    ['x:7b:local', 'x:7b'],
    ['x:cloud', 'x:cloud'],
    ['x:7b:cloud', 'x:7b-cloud'],
    ['x:7b-CLOUD', 'x:7b-cloud'],
  ])('reads %j as %j', (name, normalized) => {
    expect(normalizeModelName(name)).toBe(normalized)
  })

  it.each([
    ['llama3', 'llama3:70b'],
    ['x:', 'x'],
    ['/x', 'x'],
    ['a/b/c/x', 'b/c/x'],
    ['my.org/x', 'x'],
    ['../x', 'x'],
    ['.x', 'x'],
    ['-x', 'x'],
    ['a:b:c', 'a:b'],
    ['x:local:cloud', 'x:cloud'],
    ['x:cloud:local', 'x:cloud'],
    ['lla\u212Ama', 'llakma'],
    ['x y', 'x'],
    ['https://x', 'x'],
  ])('%j and %j are two models', (one, other) => {
    expect(normalizeModelName(one)).not.toBe(normalizeModelName(other))
  })

  it('leaves a name that Ollama refuses as it is, trimmed and in lower case', () => {
    expect(normalizeModelName(' Accounts/Fire/Models/X ')).toBe('accounts/fire/models/x')
    expect(normalizeModelName('')).toBe('')
    expect(normalizeModelName('x:')).toBe('x:')
  })

  it('normalises a normalised name to itself, whatever the name', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '/',
      ':',
      '.',
      '-',
      ' ',
      'library',
      'latest',
      'local',
      'cloud',
      '://',
    )
    const name = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 9 }).map((all) => all.join('')),
    )
    fc.assert(
      fc.property(name, (text) => {
        const once = normalizeModelName(text)
        expect(normalizeModelName(once)).toBe(once)
        expect(normalizeModelName(text.replace(/[a-z]/g, (c) => c.toUpperCase()))).toBe(once)
      }),
      { numRuns: 2000 },
    )
  })

  it('is done with megabytes of blanks at once', () => {
    const name = `a${' '.repeat(4_000_000)}b`
    expect(normalizeModelName(name)).toBe(name)
  })
})

describe('isCloudModelName', () => {
  it.each([
    'x:cloud',
    'X:CLOUD',
    'x:7b-cloud',
    'x:7b:cloud',
    'ns/x:cloud',
    ' x:cloud\u0085',
    'x: cloud',
  ])('sees that %j runs on ollama.com', (name) => expect(isCloudModelName(name)).toBe(true))
  it.each(['x', 'cloud', 'x-cloud', 'x:cloudy', 'x:local', 'host:5000/x-cloud', ''])(
    'sees that %j does not',
    (name) => expect(isCloudModelName(name)).toBe(false),
  )
})
