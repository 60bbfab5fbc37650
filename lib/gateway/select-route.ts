import { isModelDenied } from '@/lib/auth/permissions'
import { CorralError } from '@/lib/core/errors'
import { isCloudModelName, normalizeModelName } from '@/lib/core/model-name'
import type { Candidate, RouteRequest, Selection } from '@/lib/routing/contract'
import { selectCandidates } from '@/lib/routing/select-candidates'
import type { Exchange } from './contract'
import { pinOf, requireAccountSpending } from './identify'
import { requireOperation } from './require-operation'

/** Ordered candidates. A model that nobody has is asked for once more after a forced refresh (D2). */
export async function selectRoute(exchange: Exchange): Promise<Selection> {
  const { gateway, snapshot } = exchange
  const request = routeRequest(exchange)
  let selection = selectCandidates(request, snapshot.routing)
  if (selection.failure?.code === 'routing.model_not_found') {
    await gateway.fleet.refreshCatalogue()
    selection = selectCandidates(request, snapshot.routing)
  }
  exchange.route = {
    selection,
    chosenIndex: -1,
    lease: null,
    dialledAtMs: 0,
    modelServed: null,
    modelDigest: null,
    modelWasLoaded: null,
  }
  if (selection.failure) {
    const { code, params } = selection.failure
    throw new CorralError(code, {
      params,
      ...(code === 'routing.no_backend' && { retryAfterS: 5 }),
    })
  }
  dropDeniedTargets(exchange, selection)
  refuseRemoteModels(exchange, selection)
  return selection
}

/** A6: an alias that a key may use still leads to no model that the key is denied. */
function dropDeniedTargets({ principal, model }: Exchange, selection: Selection): void {
  if (principal?.kind !== 'key') return
  const allowed = selection.candidates.filter(
    (candidate) =>
      !candidate.aliased ||
      candidate.model === null ||
      !isModelDenied(principal.models, normalizeModelName(candidate.model)),
  )
  if (allowed.length === selection.candidates.length) return
  if (allowed.length === 0) {
    throw new CorralError('auth.model_not_allowed', { params: { model: model ?? '' } })
  }
  selection.candidates = allowed
}

function routeRequest(exchange: Exchange): RouteRequest {
  const operation = requireOperation(exchange)
  const { gateway, call, principal, request, snapshot } = exchange
  gateway.turn += 1
  return {
    operation,
    model: exchange.model,
    needs: call?.needs ?? { images: false, tools: false, thinking: false },
    pin: pinOf(exchange),
    label: request.header(snapshot.labelHeader),
    steadyBy: operation.group === 'models:manage' ? steadyName(principal) : null,
    turn: gateway.turn,
    random: gateway.random(),
  }
}

function steadyName(principal: Exchange['principal']): string {
  return principal?.kind === 'key' ? principal.ownerId : 'anonymous'
}

/** A local name may stand for a model that runs on ollama.com: it spends the owner's account too. */
function refuseRemoteModels(exchange: Exchange, selection: Selection): void {
  if (exchange.snapshot.settings.accountSpending || !requireOperation(exchange).needsModel) return
  for (const candidate of selection.candidates) {
    if (runsElsewhere(candidate)) {
      requireAccountSpending(exchange, `The model "${candidate.model}"`)
    }
  }
}

function runsElsewhere({ backend, model }: Candidate): boolean {
  if (model === null) return false
  if (isCloudModelName(model)) return true
  return backend.catalogue?.get(normalizeModelName(model))?.entry.remote_host !== undefined
}
