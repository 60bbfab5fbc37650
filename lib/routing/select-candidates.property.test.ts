import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import { operationGroups, strategies } from '@/lib/schemas/names'
import { makeBackendView, makeRoutingConfig } from '@/tests/support/backend-view'
import { compileRouting } from './compile-routing'
import type { BackendView, RouteRequest } from './contract'
import { renderRouteDecision } from './explain'
import { selectCandidates } from './select-candidates'

const models = ['llama3', 'llama3:70b', 'qwen3', 'vendor/big', 'a/b/c/d', '../x']
const patterns = [...models, '*', 'llama*', '?wen3*', 'gpt-*', 'nobody']
const healths = ['unknown', 'healthy', 'degraded', 'unhealthy', 'draining', 'disabled'] as const

const model = fc.oneof(fc.constantFrom(...models, 'gpt-4o', '', ' '), fc.string())
const pattern = fc.constantFrom(...patterns)
const gb = fc.integer({ min: 0, max: 80 })

const backend = fc
  .record({
    has: fc.option(
      fc.array(
        fc.record({
          name: fc.constantFrom(...models),
          sizeBytes: fc.option(gb.map((size) => size * 1e9)),
          capabilities: fc.option(fc.subarray(['vision', 'tools', 'thinking'])),
        }),
      ),
    ),
    loaded: fc.dictionary(fc.constantFrom(...models), gb),
    busyWith: fc.dictionary(fc.constantFrom(...models.map(normalizeModelName)), fc.nat(9)),
    kind: fc.constantFrom('ollama', 'openai'),
    priority: fc.nat(3),
    weight: fc.nat(3),
    maxMemoryGb: fc.option(gb),
    maxParallel: fc.nat(4),
    labels: fc.dictionary(fc.constantFrom('gpu', 'zone'), fc.constantFrom('a', 'b')),
    operations: fc.option(fc.subarray([...operationGroups])),
    models: fc.record({ allow: fc.array(pattern), deny: fc.array(pattern) }),
    health: fc.constantFrom(...healths),
    circuitAllows: fc.boolean(),
    rateAllows: fc.boolean(),
    timeToFirstTokenMs: fc.option(fc.nat()),
    requestMs: fc.option(fc.nat()),
  })
  .map((change) => change as Parameters<typeof makeBackendView>[1])

const config = fc.record({
  backends: fc.array(backend, { maxLength: 6 }),
  strategy: fc.constantFrom(...strategies),
  unknownModel: fc.constantFrom('404', 'any'),
  whenNothingFits: fc.constantFrom('refuse', 'largest'),
  aliases: fc.array(
    fc.record({ alias: pattern, targets: fc.array(pattern, { minLength: 1, maxLength: 4 }) }),
    { maxLength: 6 },
  ),
  assignments: fc.array(fc.record({ model: pattern, backendId: fc.constantFrom('id-0', 'id-1') }), {
    maxLength: 3,
  }),
  memoryRules: fc.array(
    fc.record({
      kind: fc.constantFrom('override', 'pattern'),
      match: fc.oneof(pattern, fc.string()),
      gb,
      position: fc.nat(9),
    }),
    { maxLength: 4 },
  ),
})

const request: fc.Arbitrary<RouteRequest> = fc.record({
  operation: fc.record({
    group: fc.option(fc.constantFrom(...operationGroups)),
    dialect: fc.constantFrom('ollama', 'openai', 'anthropic'),
    needsModel: fc.boolean(),
  }),
  model: fc.option(model),
  needs: fc.record({ images: fc.boolean(), tools: fc.boolean(), thinking: fc.boolean() }),
  pin: fc.option(fc.constantFrom('0', 'id-1', 'gpu=a', 'nobody', '')),
  label: fc.option(fc.constantFrom('gpu=a', 'zone', 'b', 'none', ',')),
  steadyBy: fc.option(fc.constantFrom('ann', 'bob')),
  turn: fc.integer(),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})

type Given = typeof config extends fc.Arbitrary<infer T> ? T : never

function run({ backends, ...change }: Given) {
  const views: BackendView[] = backends.map((one, i) => makeBackendView(String(i), one))
  return { views, routing: compileRouting(makeRoutingConfig(views, change)) }
}

describe('whatever the backends, the rules and the request, a selection', () => {
  it('never throws, and has every backend either as a candidate or rejected', () => {
    fc.assert(
      fc.property(config, request, (given, asked) => {
        const { views, routing } = run(given)
        const { candidates, rejected } = selectCandidates(asked, routing)
        const chosen = new Set(candidates.map(({ backend }) => backend))
        const out = rejected.map(({ backend }) => backend)
        expect(new Set(out).size).toBe(out.length)
        expect(out.some((one) => chosen.has(one))).toBe(false)
        expect(new Set([...chosen, ...out])).toEqual(new Set(views))
      }),
      { numRuns: 1000 },
    )
  })

  it('tries each pair of backend and model once, and no backend that may take no work', () => {
    fc.assert(
      fc.property(config, request, (given, asked) => {
        const { candidates } = selectCandidates(asked, run(given).routing)
        const pairs = candidates.map(
          ({ backend, model }) =>
            `${backend.id} ${model === null ? '' : normalizeModelName(model)}`,
        )
        expect(new Set(pairs).size).toBe(pairs.length)
        for (const { backend } of candidates) {
          expect(['healthy', 'unknown', 'degraded']).toContain(backend.health)
          expect(backend.circuitAllows && backend.rateAllows).toBe(true)
          if (backend.kind === 'openai') expect(asked.operation.dialect).toBe('openai')
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('has a failure of the error table exactly when there is no candidate', () => {
    fc.assert(
      fc.property(config, request, (given, asked) => {
        const { candidates, failure } = selectCandidates(asked, run(given).routing)
        expect(failure === null).toBe(candidates.length > 0)
        if (failure !== null) expect(errorCodes).toContain(failure.code)
      }),
      { numRuns: 1000 },
    )
  })

  it('is the same for the same question, and is told in under 200 bytes', () => {
    fc.assert(
      fc.property(config, request, (given, asked) => {
        const { routing } = run(given)
        const selection = selectCandidates(asked, routing)
        expect(selectCandidates(asked, routing)).toEqual(selection)
        expect(Buffer.byteLength(renderRouteDecision(selection, 0))).toBeLessThan(200)
      }),
      { numRuns: 500 },
    )
  })
})
