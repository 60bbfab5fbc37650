import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseOpenaiModels, parsePs, parseTags } from './catalogue'

function recorded(name: string): unknown {
  const url = new URL(`../../tests/recordings/0.32.15/${name}.json`, import.meta.url)
  const { response } = JSON.parse(readFileSync(url, 'utf8'))
  return JSON.parse(response.frames.map((frame: { text: string }) => frame.text).join(''))
}

describe('reading what a backend has', () => {
  test('the recorded /api/tags is read whole and kept as it was sent', () => {
    const answer = recorded('tags-get') as { models: unknown[] }
    const models = parseTags(answer)
    expect(models.map((model) => model.name)).toEqual(['embed:270m', 'tooly:270m', 'gemma3:270m'])
    expect(models[1]).toMatchObject({
      digest: '10e29c07158f7bc52a130d36304d9e7b2f01b4047d9e64ec8d9aa8b0c8574223',
      sizeBytes: 253113959,
      modifiedAt: '2026-11-21T05:45:38.179068405Z',
      capabilities: ['completion', 'tools'],
    })
    expect(models.map((model) => model.entry)).toEqual(answer.models)
  })

  test('the recorded /api/ps and /v1/models are read whole', () => {
    expect(parsePs(recorded('ps-loaded')).models[0]).toEqual({
      name: 'gemma3:270m',
      sizeBytes: 301926972,
      sizeVramBytes: 0,
      expiresAt: '2026-11-21T05:53:19.005200435Z',
      contextLength: 2048,
    })
    expect(parseOpenaiModels(recorded('v1-models'))).toHaveLength(3)
  })

  test('bad entries are dropped, odd fields become unknown, the rest stays', () => {
    const models = parseTags({
      models: [
        null,
        7,
        'x',
        [],
        { size: 3 },
        { name: '' },
        { name: 'a'.repeat(501) },
        { name: 7, model: 'by-model' },
        { name: 'odd', size: 'big', digest: 5, capabilities: [1], modified_at: {} },
        { name: 'ODD:latest', size: 1 },
        { name: 'good', size: 5, modified_at: 'now', digest: 'd', extra: { kept: true } },
      ],
    })
    expect(models.map((model) => model.name)).toEqual(['by-model', 'odd', 'good'])
    expect(models[1]).toMatchObject({ sizeBytes: null, digest: null, capabilities: null })
    expect(models[2]?.entry).toMatchObject({ extra: { kept: true } })
  })

  test('an empty list may be null, and something else is no list', () => {
    expect(parseTags({ models: null })).toEqual([])
    expect(() => parseTags({})).toThrow('did not answer with a list of models')
    expect(() => parseTags('Ollama is running')).toThrow()
  })

  test('at most 10,000 entries are taken', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => ({ name: `m${i}` }))
    expect(parseTags({ models: list })).toHaveLength(10_000)
    expect(parsePs({ models: list }).entries).toHaveLength(10_000)
  })

  test('no entry a server may think of makes a list unreadable', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('a', 'b:1', 0, -1, 1e308))
    const keys = ['name', 'model', 'size', 'digest', 'modified_at', 'capabilities', 'size_vram']
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...keys, 'id', 'created', 'expires_at'), field),
    )
    fc.assert(
      fc.property(fc.array(entry), (list) => {
        parseTags({ models: list })
        parsePs({ models: list })
        parseOpenaiModels({ data: list })
      }),
    )
  })
})
