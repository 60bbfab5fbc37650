import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeModelName } from './model-name'
import { compileModelPattern, compileModelRules } from './model-rules'

const matches = (pattern: string, model: string) =>
  compileModelPattern(pattern)(normalizeModelName(model))

describe('compileModelPattern', () => {
  it.each([
    ['*', 'hf.co/org/repo:q4'],
    ['*', '.hidden'],
    ['llama3', 'llama3:latest'],
    ['LLAMA3', 'llama3'],
    ['library/llama3', 'llama3'],
    ['llama*', 'llama3:70b'],
    ['hf.co/*', 'hf.co/a/b'],
    ['*:70b', 'ns/llama3:70b'],
    ['gpt-4?', 'gpt-4o'],
    ['*-chat', 'qwen-chat:latest'],
    ['evil*', 'evil/../x'],
    ['library/*', 'llama3:8b'],
    ['registry.ollama.ai/library/*', 'llama3:8b'],
    ['registry.ollama.ai/*', 'mike/x'],
    ['a.c*', 'a.c'],
  ])('%j matches %j', (pattern, model) => expect(matches(pattern, model)).toBe(true))

  it.each([
    ['llama3', 'llama3:70b'],
    ['gpt-4?', 'gpt-4'],
    ['gpt-4?', 'gpt-4o:mini'],
    ['*-chat', 'qwen-chat:7b'],
    ['library/*', 'hf.co/a/b'],
    ['library/*', 'mike/x'],
    ['registry.ollama.ai/*', 'hf.co/a/b'],
    ['a.c*', 'abc'],
    ['[ab]*', 'a'],
    ['', 'a'],
  ])('%j does not match %j', (pattern, model) => expect(matches(pattern, model)).toBe(false))

  it('agrees with the regular expression that a glob means', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '/'), maxLength: 8 })
    const model = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 10 })
    fc.assert(
      fc.property(glob, model, (pattern, name) => {
        const wild = `${pattern}*`
        const oracle = new RegExp(`^${wild.replace(/\*/g, '[^]*').replace(/\?/g, '[^]')}$`)
        expect(compileModelPattern(wild)(`${name}:1`)).toBe(oracle.test(`${name}:1`))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('compileModelRules', () => {
  it('lets deny win, and an empty allow list allow nothing', () => {
    const may = compileModelRules({ allow: ['llama*', 'qwen3'], deny: ['*:70b'] })
    expect(may('llama3:8b')).toBe(true)
    expect(may('qwen3:latest')).toBe(true)
    expect(may('llama3:70b')).toBe(false)
    expect(may('mistral:latest')).toBe(false)
    expect(compileModelRules({ allow: [], deny: [] })('llama3:latest')).toBe(false)
  })

  it('allows no name that is longer than any model, and is done with one of megabytes at once', () => {
    const may = compileModelRules({ allow: ['*'], deny: ['*a*a*a*a*a*a*a*a*b'] })
    expect(may('a'.repeat(4_000_000))).toBe(false)
    expect(may('a'.repeat(1000))).toBe(true)
  })
})
