import { narrowToTeams, type TeamRules } from '@/lib/auth/team-rules'
import { type ErrorCode, isCorralError, publicErrorText } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import { compileModelRules } from '@/lib/core/model-rules'
import type { GatewayConfig, Key } from '@/lib/db/contract'
import { normalizeAddress } from '@/lib/http/networks'
import {
  checkAddressRules,
  checkKeyNetworks,
  compileAddressRules,
} from '@/lib/limits/address-rules'
import type { ReasonCode, Selection } from '@/lib/routing/contract'
import { selectCandidates } from '@/lib/routing/select-candidates'
import type { OperationGroup } from '@/lib/schemas/entities'
import type { AdminContext } from './actor'
import { getKey } from './keys'
import { invalidInput } from './parse-input'
import { assertAllowed, canReadEverything } from './permissions'
import { readRouting, routeRequest } from './read-routing'
import { listTeamRulesOf } from './teams'

export type RouteQuestion = {
  model: string
  /** Id, prefix or name of a key. */
  key?: string
  label?: string
  pin?: string
  operation?: OperationGroup
  /** From where: the rules of addresses, and those of the key, are asked too. */
  address?: string
}
export type RouteExplanation = {
  model: string
  strategy: string
  /** The backend that a request would go to, and the name of the model that is sent to it. */
  chosen: { backend: string; model: string } | null
  /** In the order of trying, the chosen one first. */
  candidates: {
    backend: string
    model: string
    health: string
    loaded: boolean
    inFlight: number
  }[]
  notChosen: { backend: string; reason: ReasonCode; why: string }[]
  /** Why nothing would be served: code and text of the error that the client reads. */
  refusal: { code: ErrorCode; text: string } | null
  needGb: number | null
  /** Gateways whose reports of the last seconds were used; 0: health is not known. */
  nodes: number
}

/**
 * Which backend a request would take now, by configuration, catalogue and what running gateways
 * say, and why each other was not chosen (D12). Sends nothing and takes no slot.
 */
export async function explainRoute(
  context: AdminContext,
  question: RouteQuestion,
): Promise<RouteExplanation> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  if (question.model.trim() === '') throw invalidInput('model: expected the name of a model.')
  const address = parseAddress(question.address)
  const { database, clock } = context
  const { config, frontend, routing, nodeCount } = await readRouting(context)
  const key = question.key === undefined ? null : await getKey(context, question.key)
  const owner = key && (await database.findUserByName(key.ownerName))
  const group = question.operation ?? 'inference'
  const selection = selectCandidates(routeRequest({ ...question, group }), routing)
  const asked = { model: question.model, group, config, nowMs: clock.nowMs() }
  const teams = owner === null ? [] : await listTeamRulesOf(database, owner.id)
  const atDoor = address === null ? null : refusalAtDoor(config, address)
  const ofKey =
    key && refusalOfKey({ key, teams, ownerActive: owner?.active === true, address, ...asked })
  return renderExplanation({
    question,
    selection,
    strategy: frontend.strategy,
    keyRefusal: atDoor ?? ofKey,
    nodes: nodeCount,
  })
}

function parseAddress(text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return null
  const address = normalizeAddress(text.trim())
  if (address === null) throw invalidInput(`address: expected an IP address, got "${text}".`)
  return address
}

function refusalAtDoor(config: GatewayConfig, address: string): RouteExplanation['refusal'] {
  return refusalOf(() => checkAddressRules(compileAddressRules(config.addressRules), address))
}

function refusalOf(check: () => void): RouteExplanation['refusal'] {
  try {
    check()
    return null
  } catch (error) {
    if (!isCorralError(error)) throw error
    return { code: error.code, text: publicErrorText(error.code, {}) }
  }
}

function refusalOfKey(options: {
  key: Key
  teams: readonly TeamRules[]
  ownerActive: boolean
  address: string | null
  model: string
  group: OperationGroup
  config: GatewayConfig
  nowMs: number
}): RouteExplanation['refusal'] {
  const { key, model, group, config, nowMs } = options
  const refuse = (code: ErrorCode, params = {}) => ({ code, text: publicErrorText(code, params) })
  if (key.state === 'revoked') return refuse('auth.key_revoked')
  if (key.state === 'disabled') return refuse('auth.key_disabled')
  if (!options.ownerActive) return refuse('auth.owner_inactive')
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return refuse('auth.key_expired')
  const { address } = options
  const foreign = address === null ? null : refusalOf(() => checkKeyNetworks(key.networks, address))
  if (foreign !== null) return foreign
  if (!key.permissions.includes(group)) {
    return refuse('auth.permission_missing', { permission: group })
  }
  const frontend = config.frontends.find((one) => one.isDefault)?.name ?? ''
  if (key.frontends !== null && !key.frontends.includes(frontend)) {
    return refuse('auth.frontend_not_allowed', { frontend })
  }
  if (!compileModelRules(narrowToTeams(key.models, options.teams))(normalizeModelName(model))) {
    return refuse('auth.model_not_allowed', { model })
  }
  return null
}

function renderExplanation(options: {
  question: RouteQuestion
  selection: Selection
  strategy: string
  keyRefusal: RouteExplanation['refusal']
  nodes: number
}): RouteExplanation {
  const { question, selection, strategy, keyRefusal, nodes } = options
  const candidates = selection.candidates.map(({ backend, model }) => ({
    backend: backend.name,
    model: model ?? question.model,
    health: backend.health,
    loaded: backend.loaded.has(normalizeModelName(model ?? question.model)),
    inFlight: backend.inFlight,
  }))
  const [first] = keyRefusal === null ? candidates : []
  const refusal = keyRefusal ?? selection.failure
  return {
    model: question.model,
    strategy,
    chosen: first === undefined ? null : { backend: first.backend, model: first.model },
    candidates,
    notChosen: selection.rejected.map(({ backend, reason }) => ({
      backend: backend.name,
      reason,
      why: reasonWords[reason],
    })),
    refusal:
      refusal === null
        ? null
        : 'params' in refusal
          ? { code: refusal.code, text: publicErrorText(refusal.code, refusal.params) }
          : refusal,
    needGb: selection.needGb,
    nodes,
  }
}

const reasonWords: Record<ReasonCode, string> = {
  disabled: 'it is disabled',
  draining: 'it is draining: running work finishes, no new work goes there',
  unhealthy: 'its health checks fail',
  circuit_open: 'it failed several times and is left alone for a while',
  model_circuit_open: 'it ran out of memory with this model a moment ago',
  no_model: 'it does not have the model',
  operation_off: 'it may not be used for this operation',
  model_off: 'it may not be used for this model',
  dialect: 'it does not speak the dialect of the request',
  too_large: 'the model needs more memory than it may use',
  label: 'it does not have the label that was asked for',
  not_pinned: 'the request is pinned to another backend',
  not_assigned: 'the model is assigned to another backend',
  capability: 'its copy of the model lacks a capability that the request needs',
  rate: 'it has had its requests of this minute',
  full: 'its slots are taken',
  later_in_order: 'it would be tried later',
}
