import { describe, expect, it } from 'vitest'
import { publicErrorText } from '@/lib/core/errors'
import {
  makeRoutingConfig,
  makeRouteRequest as request,
  makeBackendView as view,
} from '@/tests/support/backend-view'
import { compileRouting } from './compile-routing'
import type { BackendView, RouteRequest } from './contract'
import { selectCandidates } from './select-candidates'

type Change = Parameters<typeof makeRoutingConfig>[1]

function select(backends: BackendView[], asked: Partial<RouteRequest> = {}, change: Change = {}) {
  const selection = selectCandidates(
    request(asked),
    compileRouting(makeRoutingConfig(backends, change)),
  )
  return {
    ...selection,
    order: selection.candidates.map(({ backend }) => backend.name),
    models: selection.candidates.map(({ backend, model }) => `${backend.name} ${model}`),
    reasons: Object.fromEntries(
      selection.rejected.map(({ backend, reason }) => [backend.name, reason]),
    ),
    text: selection.failure && publicErrorText(selection.failure.code, selection.failure.params),
  }
}

describe('model names (D1, D2)', () => {
  it('sends llama3 only to servers that have it, never to one with only llama3:70b', () => {
    const { order, reasons } = select([
      view('small', { has: ['LLaMA3:latest'] }),
      view('large', { has: ['llama3:70b'] }),
    ])
    expect(order).toEqual(['small'])
    expect(reasons).toEqual({ large: 'no_model' })
  })

  it("leaves the client's own words untouched", () => {
    const { models, candidates } = select([view('a')], { model: 'Library/LLAMA3' })
    expect(models).toEqual(['a Library/LLAMA3'])
    expect(candidates[0]?.aliased).toBe(false)
  })

  it("answers a model that nobody has with 404 in Ollama's words", () => {
    const { failure, text, modelKnown } = select([view('a'), view('b')], { model: 'nope' })
    expect(failure?.code).toBe('routing.model_not_found')
    expect(text).toBe("model 'nope' not found")
    expect(modelKnown).toBe(false)
  })

  it('wants a model where the operation needs one', () => {
    expect(select([view('a')], { model: null }).failure?.code).toBe('routing.model_missing')
    expect(select([view('a')], { model: ' ' }).failure?.code).toBe('routing.model_missing')
  })

  it('tries a backend whose models were never read only when no other surely has the model', () => {
    const unread = view('unread', { has: null, health: 'unknown' })
    expect(select([unread, view('a')]).order).toEqual(['a'])
    expect(select([unread, view('a')]).reasons).toEqual({ unread: 'no_model' })
    expect(select([unread, view('a', { has: [] })]).order).toEqual(['unread'])
  })

  it('sends an unknown model to any healthy backend where the frontend says so', () => {
    const backends = [view('a'), view('down', { health: 'unhealthy' })]
    expect(select(backends, { model: 'nope' }, { unknownModel: 'any' }).models).toEqual(['a nope'])
    const known = [view('a', { has: [] }), view('down', { health: 'unhealthy' })]
    expect(select(known, {}, { unknownModel: 'any' }).failure?.code).toBe('routing.no_backend')
  })

  it('forgets the models of a disabled backend', () => {
    const { failure, modelKnown } = select([
      view('off', { health: 'disabled' }),
      view('a', { has: [] }),
    ])
    expect(failure?.code).toBe('routing.model_not_found')
    expect(modelKnown).toBe(false)
  })
})

describe('aliases (D1)', () => {
  const aliases = [
    { alias: 'gpt-4o', targets: ['big:70b', 'small'] },
    { alias: 'gpt-4*', targets: ['small'] },
    { alias: 'gpt-*', targets: ['tiny'] },
  ]
  const both = view('both', { has: ['big:70b', 'small', 'tiny'] })

  it('serve the first target that a usable backend has, and keep the others for later', () => {
    const { models, candidates } = select(
      [view('a', { has: ['small'] }), both],
      { model: 'GPT-4o' },
      { aliases },
    )
    expect(models).toEqual(['both big:70b', 'a small', 'both small'])
    expect(candidates.every(({ aliased }) => aliased)).toBe(true)
    const down = view('down', { has: ['big:70b'], health: 'unhealthy' })
    const later = select([down, view('a', { has: ['small'] })], { model: 'gpt-4o' }, { aliases })
    expect(later.models).toEqual(['a small'])
  })

  it('take the glob that says most, and none where a backend has the very name', () => {
    expect(select([both], { model: 'gpt-4-turbo' }, { aliases }).models).toEqual(['both small'])
    expect(select([both], { model: 'gpt-3' }, { aliases }).models).toEqual(['both tiny'])
    const real = view('real', { has: ['gpt-4.1'] })
    expect(select([real, both], { model: 'gpt-4.1' }, { aliases }).models).toEqual(['real gpt-4.1'])
  })

  it('lead through aliases, and a loop ends', () => {
    const chain = [
      { alias: 'best', targets: ['gpt-4o'] },
      { alias: 'a', targets: ['b'] },
      { alias: 'b', targets: ['a', 'small'] },
      { alias: 'self', targets: ['self', 'tiny'] },
    ].concat(aliases)
    expect(select([both], { model: 'best' }, { aliases: chain }).models).toEqual([
      'both big:70b',
      'both small',
    ])
    expect(select([both], { model: 'a' }, { aliases: chain }).models).toEqual(['both small'])
    const self = view('s', { has: ['self', 'tiny'] })
    expect(select([self], { model: 'self' }, { aliases: chain }).models).toEqual([
      's self',
      's tiny',
    ])
  })

  it('whose targets nobody has are 404 under the name that was asked', () => {
    const { text } = select([view('a')], { model: 'gpt-4o' }, { aliases })
    expect(text).toBe("model 'gpt-4o' not found")
  })

  it('are not followed where a model is managed', () => {
    const { models } = select(
      [both],
      {
        model: 'gpt-4o',
        steadyBy: 'u1',
        operation: { group: 'models:manage', dialect: 'ollama', needsModel: true },
      },
      { aliases },
    )
    expect(models).toEqual(['both gpt-4o'])
  })
})

describe('assignments, labels and pins (D6)', () => {
  const a100 = view('one', { labels: { gpu: 'a100', zone: 'eu' } })
  const cpu = view('two', { labels: { gpu: 'none' } })

  it('send an assigned model to its backend only, whatever its catalogue and memory say', () => {
    const small = view('small', { has: [], maxMemoryGb: 1 })
    const assignments = [{ model: 'llama*', backendId: 'id-small' }]
    const { order, reasons } = select([a100, small], {}, { assignments })
    expect(order).toEqual(['small'])
    expect(reasons).toEqual({ one: 'not_assigned' })
    const down = view('small', { health: 'unhealthy' })
    expect(select([a100, down], {}, { assignments }).failure?.code).toBe('routing.no_backend')
  })

  it('prefer an exact assignment to a glob, and one of the asked name to one of its target', () => {
    const assignments = [
      { model: 'llama*', backendId: 'id-one' },
      { model: 'llama3', backendId: 'id-two' },
    ]
    expect(select([a100, cpu], {}, { assignments }).order).toEqual(['two'])
    const aliases = [{ alias: 'chat', targets: ['llama3'] }]
    const byAlias = [{ model: 'chat', backendId: 'id-one' }]
    expect(
      select([a100, cpu], { model: 'chat' }, { aliases, assignments: byAlias }).models,
    ).toEqual(['one llama3'])
  })

  it('keep only backends with the label', () => {
    expect(select([a100, cpu], { label: 'gpu=a100' }).order).toEqual(['one'])
    expect(select([a100, cpu], { label: 'GPU = A100, zone=eu' }).order).toEqual(['one'])
    expect(select([a100, cpu], { label: 'a100' }).order).toEqual(['one'])
    expect(select([a100, cpu], { label: 'zone' }).order).toEqual(['one'])
    expect(select([a100, cpu], { label: 'gpu=a100' }).reasons).toEqual({ two: 'label' })
  })

  it('say which label no backend has that could take the request', () => {
    expect(select([a100], { label: 'gpu=h100' }).text).toBe(
      'No backend with the label "gpu=h100" can take this request.',
    )
    const down = view('down', { labels: { gpu: 'h100' }, health: 'unhealthy' })
    expect(select([a100, down], { label: 'gpu=h100' }).failure?.code).toBe(
      'routing.label_unmatched',
    )
  })

  it('pin a request to a backend by name, by id or by a plain label', () => {
    expect(select([a100, cpu], { pin: 'TWO' }).order).toEqual(['two'])
    expect(select([a100, cpu], { pin: 'id-two' }).order).toEqual(['two'])
    expect(select([a100, cpu], { pin: 'zone=eu' }).order).toEqual(['one'])
    expect(select([a100, cpu], { pin: 'a100' }).order).toEqual(['one'])
    expect(select([a100, cpu], { pin: 'two' }).reasons).toEqual({ one: 'not_pinned' })
  })

  it('ask for nothing where the header is empty', () => {
    expect(select([a100, cpu], { pin: '', label: ' ' }).order).toHaveLength(2)
    expect(select([view('a')], { model: 'nope', pin: '', label: '' }).failure?.code).toBe(
      'routing.model_not_found',
    )
  })

  it('answer 404 to a pin that names nobody, and 503 to one that names a dead backend', () => {
    const nobody = select([a100, cpu], { pin: 'three' })
    expect(nobody.failure?.code).toBe('routing.pin_unknown')
    expect(nobody.text).toContain('"three"')
    const dead = view('dead', { health: 'unhealthy' })
    expect(select([a100, dead], { pin: 'dead' }).failure?.code).toBe('routing.no_backend')
  })
})

describe('what a backend may do', () => {
  it('keeps backends without the operation, the model or the dialect out of it', () => {
    const { order, reasons } = select([
      view('ok'),
      view('chat only', { operations: ['embeddings'] }),
      view('not this model', { models: { allow: ['*'], deny: ['llama*'] } }),
      view('openai', { kind: 'openai' }),
    ])
    expect(order).toEqual(['ok'])
    expect(reasons).toEqual({
      'chat only': 'operation_off',
      'not this model': 'model_off',
      openai: 'dialect',
    })
  })

  it('sends the openai dialect to both kinds', () => {
    const operation = { group: 'inference', dialect: 'openai', needsModel: true } as const
    const { order } = select([view('a'), view('b', { kind: 'openai' })], { operation })
    expect(order.toSorted()).toEqual(['a', 'b'])
  })

  it('says 501 where a model is there and the operation is not', () => {
    const { failure, text } = select([view('openai', { kind: 'openai' }), view('a', { has: [] })])
    expect(failure?.code).toBe('routing.operation_unsupported')
    expect(text).toContain('llama3')
  })
})

describe('health, circuit and rate (D11, D15)', () => {
  it.each([
    ['unhealthy', view('b', { health: 'unhealthy' })],
    ['draining', view('b', { health: 'draining' })],
    ['disabled', view('b', { health: 'disabled' })],
    ['circuit_open', view('b', { circuitAllows: false })],
    ['model_circuit_open', view('b', { circuitAllowsModel: (model) => model !== 'llama3:latest' })],
    ['rate', view('b', { rateAllows: false })],
  ])('leaves out a backend that is %s', (reason, backend) => {
    const { order, reasons } = select([view('a'), backend])
    expect(order).toEqual(['a'])
    expect(reasons).toEqual({ b: reason })
    expect(select([backend]).text).toBe('No active backend servers available.')
  })

  it('puts what was not probed yet after the healthy, and the degraded last', () => {
    const { order } = select([
      view('degraded', { health: 'degraded', loaded: { llama3: 5 } }),
      view('unknown', { health: 'unknown', loaded: { llama3: 5 } }),
      view('healthy', { inFlight: 3 }),
    ])
    expect(order).toEqual(['healthy', 'unknown', 'degraded'])
  })

  it('says 503 and not 404 while nobody is there to ask', () => {
    expect(select([]).failure?.code).toBe('routing.no_backend')
    const down = view('down', { has: ['other'], health: 'unhealthy' })
    expect(select([down]).failure?.code).toBe('routing.no_backend')
    const unread = view('unread', { has: null, health: 'unhealthy' })
    expect(select([unread, view('a', { has: [] })]).failure?.code).toBe('routing.no_backend')
  })
})

describe('capabilities (D4)', () => {
  const plain = view('plain', { has: [{ name: 'llama3', capabilities: ['completion'] }] })
  const tools = view('tools', { has: [{ name: 'llama3', capabilities: ['completion', 'tools'] }] })
  const unknown = view('unknown', { has: ['llama3'] })
  const needs = { images: false, tools: true, thinking: false }

  it('send a request with tools only to models that have them, where that is known', () => {
    const { order, reasons } = select([plain, tools, unknown], { needs })
    expect(order.toSorted()).toEqual(['tools', 'unknown'])
    expect(reasons).toEqual({ plain: 'capability' })
    expect(select([plain, tools]).order).toHaveLength(2)
  })

  it("that every holder lacks are left to Ollama's own words", () => {
    expect(select([plain], { needs }).order).toEqual(['plain'])
  })

  it.each([
    ['images', 'vision'],
    ['tools', 'tools'],
    ['thinking', 'thinking'],
  ])('a need for %s is a need for %s', (need, capability) => {
    const able = view('able', { has: [{ name: 'llama3', capabilities: [capability] }] })
    expect(
      select([plain, able], { needs: { ...needs, tools: false, [need]: true } }).order,
    ).toEqual(['able'])
  })

  it('decide between the targets of an alias', () => {
    const one = view('one', {
      has: [
        { name: 'text', capabilities: ['completion'] },
        { name: 'eyes', capabilities: ['completion', 'vision'] },
      ],
    })
    const aliases = [{ alias: 'chat', targets: ['text', 'eyes'] }]
    const asked = { model: 'chat', needs: { images: true, tools: false, thinking: false } }
    expect(select([one], asked, { aliases }).models).toEqual(['one eyes'])
  })
})

describe('memory fit (D5)', () => {
  const of = (gb: number) => [{ name: 'llama3', sizeBytes: gb * 1e9 }]

  it('leaves out a backend that the model does not fit', () => {
    const { order, reasons, needGb } = select([
      view('8', { maxMemoryGb: 8, has: of(10) }),
      view('24', { maxMemoryGb: 24, has: of(10) }),
      view('any', { has: of(10) }),
    ])
    expect(order.toSorted()).toEqual(['24', 'any'])
    expect(reasons).toEqual({ '8': 'too_large' })
    expect(needGb).toBe(10)
  })

  it('refuses with the need and the largest limit where it fits nowhere', () => {
    const backends = [
      view('8', { maxMemoryGb: 8, has: of(39.96) }),
      view('24', { maxMemoryGb: 24, has: of(39.96) }),
      view('other', { has: [] }),
    ]
    const { failure, text } = select(backends)
    expect(failure?.code).toBe('routing.nothing_fits')
    expect(text).toBe('The model "llama3" needs 40 GB, and the largest backend takes 24 GB.')
    expect(select(backends, {}, { whenNothingFits: 'largest' }).order).toEqual(['24'])
  })

  it('does not say that a model fits nowhere while a backend that it fits is down', () => {
    const backends = [
      view('8', { maxMemoryGb: 8, has: of(10) }),
      view('24', { maxMemoryGb: 24, has: of(10), health: 'unhealthy' }),
    ]
    expect(select(backends).failure?.code).toBe('routing.no_backend')
    expect(select(backends, {}, { whenNothingFits: 'largest' }).order).toEqual([])
  })

  it('says what is wrong with the largest where it is asked to take what fits nowhere', () => {
    const largest = view('24', { maxMemoryGb: 24, has: of(30), circuitAllows: false })
    const change = { whenNothingFits: 'largest' } as const
    const { failure, reasons } = select([largest], {}, change)
    expect(failure?.code).toBe('routing.no_backend')
    expect(reasons).toEqual({ '24': 'circuit_open' })
  })
})

describe('one steady backend (create, push, blobs)', () => {
  const operation = { group: 'models:manage', dialect: 'ollama', needsModel: false } as const
  const all = Array.from({ length: 5 }, (_, i) => view(`b${i}`, { has: [] }))
  const steady = (backends: BackendView[], steadyBy: string, model: string | null = 'new') =>
    select(backends, { operation, steadyBy, model }).order[0]

  it('is the same for a principal, whatever the turn and the model', () => {
    const first = steady(all, 'ann')
    expect(steady(all, 'ann', null)).toBe(first)
    expect(steady(all.toReversed(), 'ann')).toBe(first)
    const asked = { operation, steadyBy: 'ann', turn: 7, random: 0.9 }
    expect(select(all, asked, { strategy: 'random' }).order[0]).toBe(first)
  })

  it('differs between principals, and moves only those of a backend that goes', () => {
    const people = Array.from({ length: 200 }, (_, i) => `user ${i}`)
    const before = people.map((name) => steady(all, name))
    expect(new Set(before).size).toBe(5)
    const gone = all.map((one, i) => (i === 2 ? view('b2', { health: 'unhealthy' }) : one))
    for (const [i, name] of people.entries()) {
      if (before[i] !== 'b2') expect(steady(gone, name)).toBe(before[i])
    }
  })
})

describe('operations without a model', () => {
  it('go to any usable backend, with the name that was given', () => {
    const operation = { group: null, dialect: 'ollama', needsModel: false } as const
    const backends = [view('a', { has: [] }), view('b', { has: [], inFlight: 2 })]
    const { models } = select(backends, { operation, model: null })
    expect(models).toEqual(['a null', 'b null'])
  })
})
