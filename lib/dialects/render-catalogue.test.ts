import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecordings } from '@/tests/read-recordings'
import {
  type CatalogueEntry,
  mergeCatalogues,
  mergeLoadedModels,
  renderOpenaiModel,
  renderOpenaiModels,
  renderPs,
  renderTags,
  renderVersion,
} from './render-catalogue'

const versions = ['0.24.0', '0.32.15']
const recordings = readRecordings()

function body(version: string, name: string): string {
  const found = recordings.find((each) => each.version === version && each.name === name)
  return Buffer.concat(found?.frames ?? []).toString()
}

function models(version: string, name: string): CatalogueEntry[] {
  return JSON.parse(body(version, name)).models
}

function idOf(model: { id: string }): string {
  return model.id
}

describe('the catalogue of one backend', () => {
  test.each(versions)('%s: comes out byte for byte as the server sent it', (version) => {
    const tags = models(version, 'tags-get')
    expect(renderTags(mergeCatalogues([tags]))).toBe(body(version, 'tags-get'))
    // Models of one second come in any order: Go walks a map. The merge keeps the one given.
    const ids: string[] = JSON.parse(body(version, 'v1-models')).data.map(idOf)
    const asListed = [...tags].sort((a, b) => ids.indexOf(`${a.name}`) - ids.indexOf(`${b.name}`))
    expect(renderOpenaiModels(mergeCatalogues([asListed]))).toBe(body(version, 'v1-models'))
    expect(renderVersion(version)).toBe(body(version, 'version-get'))
    for (const name of ['ps-loaded', 'ps-empty']) {
      expect(renderPs(mergeLoadedModels([models(version, name)]))).toBe(body(version, name))
    }
    const gemma = tags.find((entry) => entry.name === 'gemma3:270m')
    expect(renderOpenaiModel(gemma ?? {}, 'gemma3:270m')).toBe(body(version, 'v1-model'))
  })

  test('of a pull from another registry as well', () => {
    const tags = models('0.32.15', 'tags-after-pull')
    expect(renderTags(mergeCatalogues([tags]))).toBe(body('0.32.15', 'tags-after-pull'))
  })

  test('that is empty reads as Ollama writes it', () => {
    expect(renderTags([])).toBe('{"models":[]}')
    expect(renderPs([])).toBe('{"models":[]}')
    expect(renderOpenaiModels([])).toBe('{"object":"list","data":null}\n')
  })

  test('escapes as Go does', () => {
    const text = renderTags([{ name: '<b>&\u2028"' }])
    expect(text).toBe('{"models":[{"name":"\\u003cb\\u003e\\u0026\\u2028\\""}]}')
  })
})

describe('the catalogues of several backends', () => {
  const model = (name: string, modified_at: string, digest = name) => ({
    name,
    modified_at,
    digest,
  })

  test('equal names are one model, the newest stays', () => {
    const merged = mergeCatalogues([
      [model('a:latest', '2026-01-01T00:00:00Z', 'old')],
      [model('A', '2026-01-02T00:00:00+00:00', 'new'), model('a:1', '2025-01-01T00:00:00Z')],
    ])
    expect(merged.map((entry) => entry.digest)).toEqual(['new', 'a:1'])
  })

  test('the newest model comes first, whatever backend has it', () => {
    const merged = mergeCatalogues([
      [model('a', '2026-03-01T00:00:00Z'), model('c', '2026-01-01T00:00:00.5Z')],
      [model('b', '2026-02-01T00:00:00Z')],
    ])
    expect(merged.map((entry) => entry.name)).toEqual(['a', 'b', 'c'])
  })

  test('a model that is loaded twice is listed once, with the later end', () => {
    const merged = mergeLoadedModels([
      [{ name: 'a', expires_at: '2026-01-01T00:05:00Z' }],
      [
        { name: 'b', expires_at: '2026-01-01T00:07:00Z' },
        { name: 'a', expires_at: '2318-01-01T00:00:00Z' },
      ],
    ])
    expect(merged.map((entry) => entry.name)).toEqual(['a', 'b'])
  })

  test('the union is the same set in any order of backends, and entries without a time are kept', () => {
    const entry = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'A:latest'),
      modified_at: fc.constantFrom('2026-01-01T00:00:00Z', 'x', null),
    })
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 3 }), { maxLength: 4 }), (lists) => {
        const names = (each: CatalogueEntry[]) =>
          new Set(each.map((one) => String(one.name).toLowerCase().replace(':latest', '')))
        expect(names(mergeCatalogues(lists))).toEqual(names(lists.flat()))
        expect(names(mergeCatalogues([...lists].reverse()))).toEqual(names(lists.flat()))
      }),
    )
  })
})
