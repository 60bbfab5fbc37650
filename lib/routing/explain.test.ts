import { describe, expect, it } from 'vitest'
import { makeBackendView as view } from '@/tests/support/backend-view'
import type { ReasonCode, Selection } from './contract'
import { renderRouteDecision } from './explain'

function selection(candidates: string[], rejected: [string, ReasonCode][]): Selection {
  return {
    candidates: candidates.map((name) => ({ backend: view(name), model: 'x', aliased: false })),
    rejected: rejected.map(([name, reason]) => ({ backend: view(name), reason })),
    failure: null,
    modelKnown: true,
    needGb: null,
  }
}

describe('renderRouteDecision', () => {
  const three = selection(
    ['gpu-1', 'gpu-2'],
    [
      ['cpu-1', 'no_model'],
      ['cpu-2', 'no_model'],
      ['old', 'unhealthy'],
    ],
  )

  it('names the chosen backend and a reason for each other, those that failed before it first', () => {
    expect(renderRouteDecision(three, 0)).toBe(
      'gpu-1; later_in_order: gpu-2; no_model: cpu-1,cpu-2; unhealthy: old',
    )
    expect(renderRouteDecision(three, 1)).toBe(
      'gpu-2; tried_first: gpu-1; no_model: cpu-1,cpu-2; unhealthy: old',
    )
    expect(renderRouteDecision(three, -1)).toMatch(/^-; later_in_order: gpu-1,gpu-2;/)
  })

  it('names a backend that is a candidate twice once', () => {
    expect(renderRouteDecision(selection(['a', 'a', 'b'], []), 0)).toBe('a; later_in_order: b')
  })

  it('stays under 200 bytes whatever the names, and counts whom it leaves out', () => {
    const names = Array.from({ length: 40 }, (_, i) => `Süd-Rechenzentrum-🐎-${i}-${'ü'.repeat(i)}`)
    const text = renderRouteDecision(
      selection(
        names,
        names.map((name) => [`${name}!`, 'circuit_open']),
      ),
      3,
    )
    expect(Buffer.byteLength(text)).toBeLessThan(200)
    expect(text).toMatch(/ \+\d+$/)
    expect(text).not.toContain('\uFFFD')
  })
})
