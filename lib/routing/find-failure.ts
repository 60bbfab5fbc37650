import type { ReasonCode, Rejection, RouteFailure, RouteRequest } from './contract'

/**
 * What a client is told when no backend can take its request (D2, D5, D15): what may be otherwise
 * in a moment is 503 before anything that an operator would have to change.
 */
export function findFailure(found: {
  request: RouteRequest
  rejected: readonly Rejection[]
  pinFound: boolean
  modelKnown: boolean
  tooLarge: { needGb: number; largestGb: number } | null
}): RouteFailure {
  const { request, rejected, modelKnown, tooLarge } = found
  const model = request.model ?? ''
  if (request.pin !== null && !found.pinFound) {
    return { code: 'routing.pin_unknown', params: { backend: request.pin } }
  }
  const inScope = rejected.filter(({ reason }) => !outOfScope.has(reason))
  const labelDecides = inScope.length === 0 || modelKnown || !request.operation.needsModel
  if (request.label !== null && labelDecides) {
    return { code: 'routing.label_unmatched', params: { label: request.label } }
  }
  const has = (...reasons: ReasonCode[]) => inScope.some(({ reason }) => reasons.includes(reason))
  if (has('draining', 'unhealthy', 'circuit_open', 'model_circuit_open', 'rate')) {
    return noBackend
  }
  if (tooLarge !== null && has('too_large')) {
    const params = { needGb: rounded(tooLarge.needGb), largestGb: rounded(tooLarge.largestGb) }
    return { code: 'routing.nothing_fits', params: { model, ...params } }
  }
  if (has('operation_off', 'dialect')) {
    return { code: 'routing.operation_unsupported', params: { model } }
  }
  const someAnswers = inScope.some(
    ({ backend, reason }) =>
      (reason === 'no_model' || reason === 'model_off') &&
      backend.health !== 'unhealthy' &&
      backend.health !== 'draining',
  )
  return someAnswers ? { code: 'routing.model_not_found', params: { model } } : noBackend
}

const outOfScope: ReadonlySet<ReasonCode> = new Set(['disabled', 'not_pinned', 'label'])
const noBackend: RouteFailure = { code: 'routing.no_backend', params: {} }

const rounded = (gb: number) => Math.round(gb * 10) / 10
