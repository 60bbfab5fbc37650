import { normalizeModelName } from '@/lib/core/model-name'
import { compileModelRules } from '@/lib/core/model-rules'
import type { CompiledRouting } from './compile-routing'
import type { BackendView, ReasonCode, RouteRequest } from './contract'
import { memoryNeedGb } from './memory-need'
import type { Placeable } from './order-candidates'
import type { ModelTarget } from './resolve-model'

/** `guessed`: nobody knows whether the backend has the model. */
export type Ready = Placeable & { guessed: boolean }

/** A backend with its places among the candidates, or the reason why it has none. */
export type Examined = {
  backend: BackendView
  ready: Ready[]
  reason: ReasonCode | null
  /** What the model needs, where it does not fit. */
  tooLargeGb: number | null
}

export type Examination = {
  request: RouteRequest
  routing: CompiledRouting
  /** The models that may answer, in order; empty for an operation without one. */
  targets: readonly ModelTarget[]
  /** Whether some backend has one of them. */
  modelKnown: boolean
  /** Off for the second look, at the largest backend. */
  mustFit: boolean
}

/** Judges a backend for each model that may answer; the reason is that of its nearest miss. */
export function examineBackend(backend: BackendView, examination: Examination): Examined {
  const { request, targets } = examination
  const examined: Examined = { backend, ready: [], reason: null, tooLargeGb: null }
  const asked: readonly (ModelTarget | null)[] = targets.length === 0 ? [null] : targets
  for (const [targetIndex, target] of asked.entries()) {
    const verdict = judge(backend, target, examination)
    if (verdict === 'sure' || verdict === 'guessed') {
      examined.ready.push({
        backend,
        model: target?.name ?? request.model,
        aliased: target?.aliased ?? false,
        targetIndex,
        normalizedModel: target?.normalized ?? null,
        needGb: lazily(() => findNeedGb(backend, target, examination)),
        guessed: verdict === 'guessed',
      })
      continue
    }
    if (verdict === 'too_large') examined.tooLargeGb = findNeedGb(backend, target, examination)
    if (examined.reason === null || nearness[verdict] > nearness[examined.reason]) {
      examined.reason = verdict
    }
  }
  return examined
}

/** How far a backend came before it was turned away. */
const nearness: Record<ReasonCode, number> = {
  disabled: 0,
  not_pinned: 1,
  label: 2,
  not_assigned: 3,
  model_off: 4,
  no_model: 5,
  operation_off: 6,
  dialect: 7,
  too_large: 8,
  draining: 9,
  unhealthy: 10,
  circuit_open: 11,
  model_circuit_open: 12,
  rate: 13,
  capability: 14,
  later_in_order: 15,
}

/** First what an operator or a catalogue says, then what may be otherwise in a moment. */
function judge(
  backend: BackendView,
  target: ModelTarget | null,
  examination: Examination,
): ReasonCode | 'sure' | 'guessed' {
  const { request, routing, mustFit } = examination
  const { operation } = request
  const model = target?.normalized ?? null
  const assigned = model === null ? null : isAssigned(backend, model, request, routing)
  if (assigned === false) return 'not_assigned'
  if (model !== null && !compileModelRules(backend.models)(model)) return 'model_off'

  const mustHave = operation.needsModel && request.steadyBy === null && assigned !== true
  const has = mustHave && model !== null ? hasModel(backend, model, examination) : 'sure'
  if (has === 'no_model') return 'no_model'
  if (operation.group !== null && backend.operations?.includes(operation.group) === false) {
    return 'operation_off'
  }
  if (backend.kind === 'openai' && operation.dialect !== 'openai') return 'dialect'
  const limitGb = backend.maxMemoryGb
  const weighs = mustFit && mustHave && limitGb !== null
  if (weighs && findNeedGb(backend, target, examination) > limitGb) return 'too_large'

  if (backend.health === 'draining') return 'draining'
  if (backend.health === 'unhealthy') return 'unhealthy'
  if (!backend.circuitAllows) return 'circuit_open'
  if (model !== null && !backend.circuitAllowsModel(model)) return 'model_circuit_open'
  if (!backend.rateAllows) return 'rate'
  return has
}

/** Null: assigned to nobody. An assignment of the name that was asked holds for what it means. */
function isAssigned(
  backend: BackendView,
  model: string,
  request: RouteRequest,
  { assignments }: CompiledRouting,
): boolean | null {
  if (assignments.exact.size === 0 && assignments.globs.length === 0) return null
  const asked = normalizeModelName(request.model ?? '')
  const exact = assignments.exact.get(asked) ?? assignments.exact.get(model)
  if (exact !== undefined) return exact.has(backend.id)
  const globs = assignments.globs.filter(({ match }) => match(asked) || match(model))
  return globs.length === 0 ? null : globs.some(({ backendId }) => backendId === backend.id)
}

function hasModel(
  backend: BackendView,
  model: string,
  { routing, modelKnown }: Examination,
): 'sure' | 'guessed' | 'no_model' {
  if (backend.catalogue === null) return 'guessed'
  if (backend.catalogue.has(model)) return 'sure'
  return routing.frontend.unknownModel === 'any' && !modelKnown ? 'guessed' : 'no_model'
}

function findNeedGb(
  backend: BackendView,
  target: ModelTarget | null,
  { routing }: Examination,
): number {
  if (target === null) return 0
  return memoryNeedGb(routing.memory, target.normalized, backend, routing.backends)
}

/** Only a limit or a cold start asks for the need, and it looks at every backend. */
function lazily(find: () => number): () => number {
  let found: number | undefined
  return () => {
    found ??= find()
    return found
  }
}
