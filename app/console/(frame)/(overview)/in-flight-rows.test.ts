import { describe, expect, it } from 'vitest'
import type { InFlight } from '@/lib/admin/node-figures'
import { holdRows } from './in-flight-rows'

function running(...ids: string[]): InFlight['exchanges'] {
  return ids.map((id) => ({
    id,
    startedAtMs: 1,
    keyId: null,
    keyName: null,
    userId: null,
    model: null,
    backendName: null,
    operation: null,
    state: 'streaming',
    mayStop: true,
  }))
}

describe('holdRows', () => {
  it('shows what is in flight while nobody is on the list', () => {
    const before = holdRows([], running('a', 'b'), false)
    expect(holdRows(before, running('b', 'c'), false).map(({ id }) => id)).toEqual(['b', 'c'])
  })

  it('moves nothing under a pointer: what ended keeps its place, what is new comes last', () => {
    const before = holdRows([], running('a', 'b'), false)
    const rows = holdRows(before, running('b', 'c'), true)
    expect(rows.map(({ id, hasEnded }) => [id, hasEnded])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ])
  })
})
