import { normalizeModelName } from '@/lib/core/model-name'
import type { CompiledRouting } from './compile-routing'
import type { BackendView, Rejection, RouteRequest, Selection } from './contract'
import { type Examination, type Examined, examineBackend, type Ready } from './examine-backend'
import { findFailure } from './find-failure'
import { matchesLabel } from './match-label'
import { orderCandidates, type Placeable } from './order-candidates'
import { rankBySteadiness } from './rank-by-steadiness'
import { type ModelTarget, resolveModel } from './resolve-model'

/**
 * Which backends may take a request, in the order of trying, and why each other may not (D1 to
 * D6, D11, D15). Pure: live numbers come from the views, chance and turns from the request.
 * Never throws; no candidates means a failure of the error table. After a `model_not_found` the
 * caller refreshes the catalogues once and asks again (D2).
 */
export function selectCandidates(asked: RouteRequest, routing: CompiledRouting): Selection {
  const request = withoutBlanks(asked)
  const { inScope, outOfScope, pinFound } = splitByScope(request, routing.backends)
  if (request.operation.needsModel && (request.model ?? '').trim() === '') {
    const rejected = routing.backends.map((backend) => ({ backend, reason: 'no_model' as const }))
    const failure = { code: 'routing.model_missing' as const, params: {} }
    return { candidates: [], rejected, failure, modelKnown: false, needGb: null }
  }
  const isKnown = (model: string) => isInCatalogues(model, routing.backends)
  const targets = findTargets(request, routing, isKnown)
  const modelKnown = targets.some(({ normalized }) => isKnown(normalized))
  const examination: Examination = { request, routing, targets, modelKnown, mustFit: true }

  const firstLook = inScope.map((backend) => examineBackend(backend, examination))
  const nothingFits = fitsNowhere(firstLook)
  const examined =
    nothingFits && routing.settings.whenNothingFits === 'largest'
      ? firstLook.map((seen) => examineLargest(seen, firstLook, examination))
      : firstLook
  const candidates = order(keepLikely(examined, request), request, routing)

  const chosen = new Set(candidates.map(({ backend }) => backend))
  const rejected = outOfScope.concat(
    examined.filter(({ backend }) => !chosen.has(backend)).map(explainLeftOut),
  )
  const tooLarge = nothingFits ? findLargest(firstLook) : null
  return {
    candidates: candidates.map(({ backend, model, aliased }) => ({ backend, model, aliased })),
    rejected,
    failure:
      candidates.length > 0
        ? null
        : findFailure({ request, rejected, pinFound, modelKnown, tooLarge }),
    modelKnown,
    needGb: routing.backends.some(({ maxMemoryGb }) => maxMemoryGb !== null)
      ? (candidates[0]?.needGb() ?? tooLarge?.needGb ?? null)
      : null,
  }
}

/** A header that is sent empty asks for nothing. */
function withoutBlanks(request: RouteRequest): RouteRequest {
  const { pin, label } = request
  if (pin?.trim() !== '' && label?.trim() !== '') return request
  return { ...request, pin: pin?.trim() ? pin : null, label: label?.trim() ? label : null }
}

function splitByScope(request: RouteRequest, backends: readonly BackendView[]) {
  const { pin, label } = request
  const isPinned = pin === null ? () => true : findPinned(pin, backends)
  const inScope: BackendView[] = []
  const outOfScope: Rejection[] = []
  for (const backend of backends) {
    if (backend.health === 'disabled') outOfScope.push({ backend, reason: 'disabled' })
    else if (!isPinned(backend)) outOfScope.push({ backend, reason: 'not_pinned' })
    else if (label !== null && !matchesLabel(backend.labels, label)) {
      outOfScope.push({ backend, reason: 'label' })
    } else inScope.push(backend)
  }
  return { inScope, outOfScope, pinFound: backends.some(isPinned) }
}

/** A pin means the backend of that id or name, else every backend with that label (D6). */
function findPinned(
  pin: string,
  backends: readonly BackendView[],
): (backend: BackendView) => boolean {
  const wanted = pin.trim().toLowerCase()
  const isNamed = ({ id, name }: BackendView) => id === pin || name.toLowerCase() === wanted
  if (backends.some(isNamed)) return isNamed
  return ({ labels }) => matchesLabel(labels, wanted)
}

function isInCatalogues(normalizedModel: string, backends: readonly BackendView[]): boolean {
  return backends.some(
    ({ health, catalogue }) => health !== 'disabled' && catalogue?.has(normalizedModel) === true,
  )
}

/** A create, push or delete means the very name: an alias must not lead it to another model. */
function findTargets(
  { model, operation, steadyBy }: RouteRequest,
  routing: CompiledRouting,
  isKnown: (normalizedModel: string) => boolean,
): ModelTarget[] {
  if (model === null) return []
  if (operation.needsModel && steadyBy === null) return resolveModel(model, routing, isKnown)
  return [{ name: model, normalized: normalizeModelName(model), aliased: false }]
}

/**
 * Backends that surely have the model before those that only may; and where images, tools or
 * thinking are asked for, those not known to lack them. When all lack them the request goes on:
 * Ollama refuses in its own words, and clients know these.
 */
function keepLikely(examined: readonly Examined[], request: RouteRequest): Ready[] {
  const ready: Ready[] = []
  for (const seen of examined) ready.push(...seen.ready)
  if (ready.length < 2) return ready
  const sure = ready.filter(({ guessed }) => !guessed)
  const likely = sure.length > 0 ? sure : ready
  const capable = likely.filter((candidate) => !lacksCapability(candidate, request))
  return capable.length > 0 ? capable : likely
}

function lacksCapability(
  { backend, normalizedModel }: Placeable,
  { needs }: Pick<RouteRequest, 'needs'>,
): boolean {
  if (normalizedModel === null) return false
  const capabilities = backend.catalogue?.get(normalizedModel)?.capabilities
  if (capabilities === null || capabilities === undefined) return false
  return (
    (needs.images && !capabilities.includes('vision')) ||
    (needs.tools && !capabilities.includes('tools')) ||
    (needs.thinking && !capabilities.includes('thinking'))
  )
}

function order(candidates: Ready[], request: RouteRequest, routing: CompiledRouting): Placeable[] {
  if (request.steadyBy !== null) return rankBySteadiness(candidates, request.steadyBy)
  const { turn, random } = request
  return orderCandidates(candidates, { strategy: routing.frontend.strategy, turn, random })
}

function explainLeftOut({ backend, ready, reason }: Examined): Rejection {
  if (ready.length === 0) return { backend, reason: reason ?? 'no_model' }
  return { backend, reason: ready.every(({ guessed }) => guessed) ? 'no_model' : 'capability' }
}

/** Where a backend that it fits is only down for a while, it does not fit nowhere. */
function fitsNowhere(examined: readonly Examined[]): boolean {
  return (
    examined.some(({ reason }) => reason === 'too_large') &&
    examined.every(({ ready, reason }) => ready.length === 0 && !isPassing(reason))
  )
}

function isPassing(reason: Examined['reason']): boolean {
  switch (reason) {
    case 'draining':
    case 'unhealthy':
    case 'circuit_open':
    case 'model_circuit_open':
    case 'rate':
      return true
    default:
      return false
  }
}

function findLargest(examined: readonly Examined[]): { needGb: number; largestGb: number } {
  const tooSmall = examined.filter(({ reason }) => reason === 'too_large')
  return {
    needGb: Math.min(...tooSmall.map(({ tooLargeGb }) => tooLargeGb ?? 0)),
    largestGb: Math.max(...tooSmall.map(({ backend }) => backend.maxMemoryGb ?? 0)),
  }
}

/** `whenNothingFits: largest`: a second look at the largest backend, without its limit. */
function examineLargest(
  seen: Examined,
  all: readonly Examined[],
  examination: Examination,
): Examined {
  const { largestGb } = findLargest(all)
  const isLargest = seen.reason === 'too_large' && seen.backend.maxMemoryGb === largestGb
  return isLargest ? examineBackend(seen.backend, { ...examination, mustFit: false }) : seen
}
