import { describe, expect, it } from 'vitest'
import { makeRoutingConfig, makeBackendView as view } from '@/tests/support/backend-view'
import type { RoutingConfig } from './contract'
import { compileMemory, defaultMemoryPatterns, memoryNeedGb } from './memory-need'

type Rule = RoutingConfig['memoryRules'][number]

const defaults: Rule[] = defaultMemoryPatterns.map((rule, position) => ({
  kind: 'pattern',
  position,
  ...rule,
}))
const compile = (memoryRules: Rule[]) => compileMemory(makeRoutingConfig([], { memoryRules }))
const empty = view('a', { has: [] })

describe('memoryNeedGb', () => {
  it.each([
    ['mixtral:8x7b', 45],
    ['llama3.3:70b-instruct-q4_K_M', 40],
    ['yi:34b', 20],
    ['llama2:13b', 8],
    ['mistral:7b', 4.5],
    ['MISTRAL:7B', 4.5],
    ['phi3:latest', 4.5],
    ['gemma:27b', 4.5],
  ])('guesses %s by the default patterns: %d GB', (model, gb) => {
    expect(memoryNeedGb(compile(defaults), model, empty, [])).toBe(gb)
  })

  it('reads a plain size as that size: 27b and 1.7b are not 7b', () => {
    const memory = compile([{ kind: 'pattern', match: '7b', gb: 99, position: 0 }])
    expect(memoryNeedGb(memory, 'x:7b', empty, [])).toBe(99)
    expect(memoryNeedGb(memory, 'x:27b', empty, [])).toBe(4.5)
    expect(memoryNeedGb(memory, 'x:1.7b', empty, [])).toBe(4.5)
  })

  it('takes an override, then the loaded size, then the size of the file, then a pattern', () => {
    const file = view('file', { has: [{ name: 'x:7b', sizeBytes: 5e9 }] })
    const loaded = view('loaded', { loaded: { 'x:7b': 6 } })
    const override: Rule = { kind: 'override', match: 'X:7b', gb: 3, position: 0 }
    expect(memoryNeedGb(compile(defaults), 'x:7b', empty, [empty])).toBe(4.5)
    expect(memoryNeedGb(compile(defaults), 'x:7b', file, [file])).toBe(5)
    expect(memoryNeedGb(compile(defaults), 'x:7b', file, [file, loaded])).toBe(6)
    expect(memoryNeedGb(compile([...defaults, override]), 'x:7b', loaded, [loaded])).toBe(3)
  })

  it('tries patterns by position and passes over what is no regular expression', () => {
    const memory = compile([
      { kind: 'pattern', match: 'x', gb: 2, position: 2 },
      { kind: 'pattern', match: '(', gb: 1, position: 0 },
      { kind: 'pattern', match: '^x.*q4$', gb: 3, position: 1 },
    ])
    expect(memoryNeedGb(memory, 'x:q4', empty, [])).toBe(3)
    expect(memoryNeedGb(memory, 'x:q8', empty, [])).toBe(2)
  })
})
