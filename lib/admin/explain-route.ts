import type { Principal } from '@/lib/auth/contract'
import {
  limitPermissions,
  requireFrontend,
  requireModel,
  requirePermission,
  withoutDeniedTargets,
} from '@/lib/auth/permissions'
import { narrowToTeams, type TeamRules } from '@/lib/auth/team-rules'
import { CorralError, type ErrorCode, isCorralError } from '@/lib/core/errors'
import { isCloudModelName, normalizeModelName } from '@/lib/core/model-name'
import type { GatewayConfig, Key, User } from '@/lib/db/contract'
import { normalizeAddress } from '@/lib/http/networks'
import {
  checkAddressRules,
  checkKeyNetworks,
  compileAddressRules,
} from '@/lib/limits/address-rules'
import type { ReasonCode, Selection } from '@/lib/routing/contract'
import { runsElsewhere } from '@/lib/routing/runs-elsewhere'
import { selectCandidates } from '@/lib/routing/select-candidates'
import type { OperationGroup } from '@/lib/schemas/entities'
import type { Dialect } from '@/lib/schemas/names'
import { parseSettings } from '@/lib/settings/parse-settings'
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
  /** In whose words it is asked; Ollama's where nothing is said. */
  dialect?: Dialect
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
  /** What may make it otherwise all the same. */
  notKnown: readonly string[]
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
  const teams = owner === null ? [] : await listTeamRulesOf(database, owner.id)
  const group = question.operation ?? 'inference'
  const { dialect = 'ollama' } = question
  const selection = selectCandidates(routeRequest({ ...question, group, dialect }), routing)
  const nowMs = clock.nowMs()
  const asked = { question, group, address, config, key, owner, teams, selection, nowMs }
  const refusal = refusalOf(asked)
  return renderExplanation({
    question,
    selection,
    strategy: frontend.strategy,
    refusal,
    nodes: nodeCount,
  })
}

function parseAddress(text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return null
  const address = normalizeAddress(text.trim())
  if (address === null) throw invalidInput(`address: expected an IP address, got "${text}".`)
  return address
}

type Asked = {
  question: RouteQuestion
  group: OperationGroup
  address: string | null
  config: GatewayConfig
  key: Key | null
  owner: User | null
  teams: readonly TeamRules[]
  selection: Selection
  nowMs: number
}

/** What the gateway checks, in its order; null where nothing is refused. */
function refusalOf(asked: Asked): RouteExplanation['refusal'] {
  try {
    checkDoor(asked)
    if (asked.key !== null) checkKey(asked.key, asked)
    checkRoute(asked)
    return null
  } catch (error) {
    if (!isCorralError(error)) throw error
    return { code: error.code, text: error.message }
  }
}

function checkDoor({ config, address }: Asked): void {
  if (address !== null) checkAddressRules(compileAddressRules(config.addressRules), address)
}

function checkKey(
  key: Key,
  { question, group, address, config, owner, teams, nowMs }: Asked,
): void {
  if (key.state === 'revoked') throw new CorralError('auth.key_revoked')
  if (key.state === 'disabled') throw new CorralError('auth.key_disabled')
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs)
    throw new CorralError('auth.key_expired')
  if (owner?.active !== true) throw new CorralError('auth.owner_inactive')
  const principal: Principal = {
    kind: 'key',
    keyId: key.id,
    keyPrefix: key.prefix,
    keyName: key.name,
    ownerId: owner.id,
    ownerName: owner.name,
    permissions: limitPermissions(key.permissions, owner.role),
    models: narrowToTeams(key.models, teams),
    frontends: key.frontends,
    networks: key.networks,
    rateLimit: null,
  }
  if (address !== null) checkKeyNetworks(key.networks, address)
  requireFrontend(principal, config.frontends.find((one) => one.isDefault)?.name ?? '')
  requirePermission(principal, group)
  if (question.pin !== undefined) requirePermission(principal, 'backend:pin')
  requireModel(principal, question.model)
}

/** Takes from the selection what the key is denied. */
function checkRoute({ question, config, key, teams, selection }: Asked): void {
  const { accountSpending } = parseSettings(config.settings)
  if (!accountSpending && isCloudModelName(question.model)) throw spendingOff(question.model)
  if (selection.failure) {
    throw new CorralError(selection.failure.code, { params: selection.failure.params })
  }
  if (key !== null) {
    const rules = narrowToTeams(key.models, teams)
    selection.candidates = withoutDeniedTargets(rules, selection.candidates)
    if (selection.candidates.length === 0) {
      throw new CorralError('auth.model_not_allowed', { params: { model: question.model } })
    }
  }
  const remote = accountSpending ? undefined : selection.candidates.find(runsElsewhere)
  if (remote !== undefined) throw spendingOff(remote.model ?? question.model)
}

function spendingOff(model: string): CorralError {
  return new CorralError('auth.account_spending_off', {
    params: { what: `The model "${model}"`, setting: 'accountSpending' },
  })
}

function renderExplanation(options: {
  question: RouteQuestion
  selection: Selection
  strategy: string
  refusal: RouteExplanation['refusal']
  nodes: number
}): RouteExplanation {
  const { question, selection, strategy, refusal, nodes } = options
  const candidates = selection.candidates.map(({ backend, model }) => ({
    backend: backend.name,
    model: model ?? question.model,
    health: backend.health,
    loaded: backend.loaded.has(normalizeModelName(model ?? question.model)),
    inFlight: backend.inFlight,
  }))
  const [first] = refusal === null ? candidates : []
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
    refusal,
    needGb: selection.needGb,
    nodes,
    notKnown,
  }
}

/** What lives in the memory of a gateway, or was not asked. */
const notKnown = [
  'which models ran out of memory a moment ago',
  'who is at a limit of requests',
  'what the body asks for: images, tools, thinking',
] as const

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
  later_in_order: 'it would be tried later',
}
