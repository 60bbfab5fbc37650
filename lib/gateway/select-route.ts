import { withoutDeniedTargets } from '@/lib/auth/permissions'
import { CorralError } from '@/lib/core/errors'
import type { RouteFailure, RouteRequest, Selection } from '@/lib/routing/contract'
import { runsElsewhere } from '@/lib/routing/runs-elsewhere'
import { selectCandidates } from '@/lib/routing/select-candidates'
import type { Exchange } from './contract'
import { pinOf, requireAccountSpending } from './identify'
import { requireOperation } from './require-operation'

/**
 * Ordered candidates, or null for a model that nobody has. Whoever goes on dials in the same turn:
 * between a look at the counts in flight and taking a place nobody else may look, or a burst
 * would land on one backend.
 */
export function selectRoute(exchange: Exchange): Selection | null {
  const selection = selectCandidates(routeRequest(exchange), exchange.snapshot.routing)
  exchange.route = {
    selection,
    chosenIndex: -1,
    lease: null,
    dialledAtMs: 0,
    modelServed: null,
    modelDigest: null,
    modelWasLoaded: null,
  }
  if (selection.failure?.code === 'routing.model_not_found') return null
  if (selection.failure) throw failureOf(selection.failure)
  dropDeniedTargets(exchange, selection)
  refuseRemoteModels(exchange, selection)
  return selection
}

/** D2: that nobody has a model is said only after the catalogues were read once more. */
export async function selectAfterRefresh(exchange: Exchange): Promise<Selection> {
  await exchange.gateway.fleet.refreshCatalogue()
  const selection = selectRoute(exchange)
  if (selection) return selection
  throw new CorralError('routing.model_not_found', { params: { model: exchange.model ?? '' } })
}

function failureOf({ code, params }: RouteFailure): CorralError {
  return new CorralError(code, {
    params,
    ...(code === 'routing.no_backend' && { retryAfterS: 5 }),
  })
}

function dropDeniedTargets({ principal, model }: Exchange, selection: Selection): void {
  if (principal?.kind !== 'key') return
  const allowed = withoutDeniedTargets(principal.models, selection.candidates)
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

function refuseRemoteModels(exchange: Exchange, selection: Selection): void {
  if (exchange.snapshot.settings.accountSpending || !requireOperation(exchange).needsModel) return
  for (const candidate of selection.candidates) {
    if (runsElsewhere(candidate)) {
      requireAccountSpending(exchange, `The model "${candidate.model}"`)
    }
  }
}
