import { normalizeModelName } from '@/lib/core/model-name'
import type { Alias, Assignment, Frontend, MemoryRule } from '@/lib/db/contract'
import { parseSettings } from '@/lib/settings/parse-settings'
import type { AdminContext } from './actor'
import { mergeReports, nodeSilentMs } from './fleet-health'
import type { MatrixServer } from './model-matrix'
import { assertAllowed, canReadEverything } from './permissions'

export type RoutingPage = {
  frontend: Pick<Frontend, 'name' | 'strategy' | 'unknownModel'> | null
  servers: MatrixServer[]
  /** Names of every model that a server has. */
  models: string[]
  /** What a dry run can be asked as: never the secret. */
  keys: { id: string; name: string; prefix: string; owner: string }[]
  aliases: Alias[]
  assignments: Assignment[]
  memoryRules: MemoryRule[]
  memoryDefaultGb: number
  whenNothingFits: string
  flow: TrafficFlow
}
/** Who asks which server for what: of the last 5 minutes, and what is at work now. */
export type TrafficFlow = {
  models: FlowNode[]
  servers: FlowNode[]
  flows: { model: string; serverId: string; requests: number; inFlight: number }[]
  /** Requests for models beyond those that are shown. */
  otherRequests: number
}
export type FlowNode = { id: string; name: string; requests: number; inFlight: number }

const flowMs = 5 * 60_000
const modelsDrawn = 10
const namesMax = 2000

export async function readRoutingPage(context: AdminContext): Promise<RoutingPage> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const nowMs = clock.nowMs()
  const [frontends, backends, catalogue, nodes, keys, aliases, assignments, memoryRules, stored] =
    await Promise.all([
      database.listFrontends(),
      database.listBackends(),
      database.listCatalogue(),
      database.listNodeReports({ seenSinceMs: nowMs - nodeSilentMs }),
      database.listKeys(),
      database.listAliases(),
      database.listAssignments(),
      database.listMemoryRules(),
      database.readSettings(),
    ])
  const frontend = frontends.find(({ isDefault }) => isDefault) ?? null
  const settings = parseSettings(stored)
  const names = new Map(
    catalogue
      .flatMap(({ models }) => models)
      .map(({ name }) => [normalizeModelName(name), name] as const),
  )
  return {
    frontend: frontend && {
      name: frontend.name,
      strategy: frontend.strategy,
      unknownModel: frontend.unknownModel,
    },
    servers: backends.map(({ id, name, kind, enabled, draining }) => {
      const health = draining ? 'draining' : (mergeReports(nodes, id)?.health ?? 'unknown')
      return { id, name, kind, enabled, health: enabled ? health : 'disabled' }
    }),
    models: [...names.values()].sort((a, b) => a.localeCompare(b)).slice(0, namesMax),
    keys: keys
      .filter(({ state }) => state !== 'revoked')
      .map(({ id, name, prefix, ownerName }) => ({ id, name, prefix, owner: ownerName }))
      .slice(0, namesMax),
    aliases,
    assignments,
    memoryRules,
    memoryDefaultGb: settings.memoryDefaultGb,
    whenNothingFits: settings.whenNothingFits,
    flow: await readTrafficFlow(context),
  }
}

/** From roll-ups of minutes, and from the oldest 100 requests that each node tells of. */
export async function readTrafficFlow(context: AdminContext): Promise<TrafficFlow> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const nowMs = clock.nowMs()
  const [backends, nodes, buckets] = await Promise.all([
    database.listBackends(),
    database.listNodeReports({ seenSinceMs: nowMs - nodeSilentMs }),
    database.readUsageBuckets({
      dimensions: ['backendModel'],
      stretches: [{ index: 0, fromMs: nowMs - flowMs, untilMs: nowMs + 60_000 }],
      quantiles: false,
    }),
  ])
  const flows = new Map<string, TrafficFlow['flows'][number]>()
  const names = new Map<string, string>()
  const flowOf = (name: string, serverId: string) => {
    const model = normalizeModelName(name)
    if (!names.has(model)) names.set(model, name)
    const key = `${serverId} ${model}`
    const flow = flows.get(key) ?? { model, serverId, requests: 0, inFlight: 0 }
    flows.set(key, flow)
    return flow
  }
  for (const { value, label, requests } of buckets) {
    flowOf(label, value.slice(0, value.indexOf(' '))).requests += requests
  }
  for (const { model, backendName } of nodes.flatMap((node) => node.exchanges ?? [])) {
    const server = backends.find(({ name }) => name === backendName)
    if (model !== null && server !== undefined) flowOf(model, server.id).inFlight += 1
  }
  const all = [...flows.values()].filter(({ serverId }) =>
    backends.some(({ id }) => id === serverId),
  )
  const models = sumBy(all, ({ model }) => model)
    .map((node) => ({ ...node, name: names.get(node.id) ?? node.id }))
    .sort((a, b) => weightOf(b) - weightOf(a) || a.name.localeCompare(b.name))
  const drawn = models.slice(0, modelsDrawn)
  const shown = all.filter(({ model }) => drawn.some(({ id }) => id === model))
  const sums = new Map(sumBy(shown, ({ serverId }) => serverId).map((node) => [node.id, node]))
  return {
    models: drawn,
    servers: backends.map(({ id, name }) => ({
      id,
      name,
      requests: sums.get(id)?.requests ?? 0,
      inFlight: sums.get(id)?.inFlight ?? 0,
    })),
    flows: shown.sort((a, b) => weightOf(b) - weightOf(a)),
    otherRequests: models.slice(modelsDrawn).reduce((sum, one) => sum + one.requests, 0),
  }
}

function sumBy(
  flows: readonly TrafficFlow['flows'][number][],
  idOf: (flow: TrafficFlow['flows'][number]) => string,
): Omit<FlowNode, 'name'>[] {
  const sums = new Map<string, Omit<FlowNode, 'name'>>()
  for (const flow of flows) {
    const id = idOf(flow)
    const sum = sums.get(id) ?? { id, requests: 0, inFlight: 0 }
    sums.set(id, {
      id,
      requests: sum.requests + flow.requests,
      inFlight: sum.inFlight + flow.inFlight,
    })
  }
  return [...sums.values()]
}

function weightOf({ requests, inFlight }: { requests: number; inFlight: number }): number {
  return requests + inFlight
}
