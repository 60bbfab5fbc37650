import { describe, expect, it } from 'vitest'
import type { Strategy } from '@/lib/schemas/entities'
import {
  makeRoutingConfig,
  makeRouteRequest as request,
  makeBackendView as view,
} from '@/tests/support/backend-view'
import { compileRouting } from './compile-routing'
import type { BackendView, RouteRequest } from './contract'
import { selectCandidates } from './select-candidates'

function order(
  strategy: Strategy,
  backends: readonly BackendView[],
  asked: Partial<RouteRequest> = {},
): string[] {
  const routing = compileRouting(makeRoutingConfig(backends, { strategy }))
  const { candidates } = selectCandidates(request(asked), routing)
  return candidates.map(({ backend }) => backend.name)
}

/** How often each backend comes first in many selections. */
function tally(count: number, pick: (index: number) => string | undefined): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let i = 0; i < count; i++) {
    const name = pick(i) ?? 'nobody'
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

describe('warm-first', () => {
  it('prefers a loaded model with a free slot, then a loaded one, then an idle server', () => {
    const backends = [
      view('cold beside a busy model', {
        loaded: { other: 5 },
        busyWith: { 'other:latest': 1 },
      }),
      view('cold', {}),
      view('cold beside an idle model', { loaded: { other: 5 } }),
      view('warm and full', { loaded: { llama3: 5 }, inFlight: 4 }),
      view('warm', { loaded: { llama3: 5 }, inFlight: 3 }),
    ]
    expect(order('warm-first', backends)).toEqual([
      'warm',
      'warm and full',
      'cold',
      'cold beside an idle model',
      'cold beside a busy model',
    ])
  })

  it('knows by the memory whether a load would drive out a busy model', () => {
    const has = [{ name: 'llama3', sizeBytes: 10e9 }]
    const busy = { loaded: { other: 20 }, busyWith: { 'other:latest': 1 }, has }
    const backends = [
      view('evicts a busy one', { ...busy, maxMemoryGb: 24 }),
      view('evicts an idle one', { has, loaded: { other: 20 }, maxMemoryGb: 24 }),
      view('has room', { ...busy, maxMemoryGb: 48 }),
    ]
    expect(order('warm-first', backends)).toEqual([
      'has room',
      'evicts an idle one',
      'evicts a busy one',
    ])
  })

  it('goes elsewhere when the wait on the warm one would exceed a load there', () => {
    const cold = view('cold', { has: [{ name: 'llama3', sizeBytes: 5e9 }] })
    const warm = (inFlight: number, requestMs: number) =>
      view('warm', { loaded: { llama3: 5 }, inFlight, requestMs })
    expect(order('warm-first', [cold, warm(5, 2000)])[0]).toBe('warm')
    expect(order('warm-first', [cold, warm(30, 2000)])[0]).toBe('cold')
    expect(order('warm-first', [cold, warm(5, 60_000)])[0]).toBe('cold')
  })

  it('shares a load that our own requests have begun before it begins another', () => {
    const backends = [view('idle'), view('loading', { busyWith: { 'llama3:latest': 1 } })]
    expect(order('warm-first', backends)[0]).toBe('loading')
  })

  it.each([
    ['loaded everywhere', [true, true, true], 17],
    ['loaded on one', [true, false, false], 25],
    ['loaded nowhere', [false, false, false], 17],
  ])('spreads 50 simultaneous requests after one poll: %s', (_name, loaded, most) => {
    const counts = [0, 0, 0]
    const backends = loaded.map((isLoaded, i) => {
      const one = view(`b${i}`, { loaded: isLoaded ? { llama3: 5 } : {} })
      return Object.defineProperties(one, {
        inFlight: { get: () => counts[i] },
        inFlightOfModel: { value: () => counts[i] },
      })
    })
    const routing = compileRouting(makeRoutingConfig(backends))
    for (let turn = 0; turn < 50; turn++) {
      const [first] = selectCandidates(request({ turn }), routing).candidates
      const index = backends.findIndex(({ id }) => id === first?.backend.id)
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect(counts.reduce((a, b) => a + b)).toBe(50)
    expect(Math.max(...counts)).toBeLessThanOrEqual(most)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8)
  })
})

describe('round-robin', () => {
  it('takes turns, evenly too on a filtered list', () => {
    const backends = [
      view('a'),
      view('none', { has: [] }),
      view('b'),
      view('slow', { health: 'degraded' }),
      view('c'),
    ]
    const first = tally(300, (turn) => order('round-robin', backends, { turn })[0])
    expect(first).toEqual({ a: 100, b: 100, c: 100 })
    expect(order('round-robin', backends, { turn: 1 })).toEqual(['b', 'c', 'a', 'slow'])
  })

  it('passes over a backend without a free slot while another has one', () => {
    const backends = [view('full', { inFlight: 4 }), view('free', { inFlight: 3 })]
    for (const turn of [0, 1]) {
      expect(order('round-robin', backends, { turn })).toEqual(['free', 'full'])
    }
  })
})

describe('random and weighted', () => {
  it('draw evenly, and by weight', () => {
    const backends = [view('a', { weight: 1 }), view('b', { weight: 3 })]
    const draw = (strategy: Strategy) =>
      tally(1000, (i) => order(strategy, backends, { random: i / 1000 })[0])
    expect(draw('random')).toEqual({ a: 500, b: 500 })
    expect(draw('weighted')).toEqual({ a: 250, b: 750 })
  })

  it('spread the second choice too', () => {
    const backends = ['a', 'b', 'c', 'd'].map((name) => view(name))
    const second = tally(1000, (i) => order('random', backends, { random: i / 1000 })[1])
    for (const name of ['a', 'b', 'c', 'd']) expect(second[name]).toBeGreaterThan(150)
  })
})

describe('least-busy', () => {
  it('counts our own requests in flight against the slots, and takes turns among equals', () => {
    const backends = [
      view('2 of 4', { inFlight: 2 }),
      view('3 of 16', { inFlight: 3, maxParallel: 16 }),
      view('1 of 4', { inFlight: 1 }),
    ]
    expect(order('least-busy', backends)).toEqual(['3 of 16', '1 of 4', '2 of 4'])
    const equals = [view('a'), view('b')]
    expect(order('least-busy', equals, { turn: 1 })).toEqual(['b', 'a'])
  })
})

describe('priority', () => {
  it('fills the first tier before the next, and the least busy within one', () => {
    const backends = [
      view('second tier', { priority: 2 }),
      view('first, busy', { priority: 1, inFlight: 2 }),
      view('first, idle', { priority: 1 }),
    ]
    expect(order('priority', backends)).toEqual(['first, idle', 'first, busy', 'second tier'])
    const full = [view('second', { priority: 2 }), view('first', { priority: 1, inFlight: 4 })]
    expect(order('priority', full)).toEqual(['second', 'first'])
  })
})

describe('fastest', () => {
  it('takes the shortest observed time to the first token, and tries who was never observed', () => {
    const backends = [
      view('slow', { timeToFirstTokenMs: 900 }),
      view('quick', { timeToFirstTokenMs: 100 }),
      view('new', { timeToFirstTokenMs: null }),
    ]
    expect(order('fastest', backends)).toEqual(['new', 'quick', 'slow'])
  })
})
