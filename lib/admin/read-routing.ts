import { normalizeModelName } from '@/lib/core/model-name'
import type {
  BackendReport,
  BackendWithSealedCredential,
  CatalogueModel,
  GatewayConfig,
  NodeReport,
} from '@/lib/db/contract'
import { type CompiledRouting, compileRouting } from '@/lib/routing/compile-routing'
import type { BackendView, RouteRequest } from '@/lib/routing/contract'
import type { OperationGroup } from '@/lib/schemas/entities'
import type { Dialect } from '@/lib/schemas/names'
import { parseSettings } from '@/lib/settings/parse-settings'
import type { AdminContext } from './actor'
import { mergeReports, nodeSilentMs } from './fleet-health'
import { invalidInput } from './parse-input'

export type ReadRouting = {
  config: GatewayConfig
  frontend: GatewayConfig['frontends'][number]
  routing: CompiledRouting
  /** Gateways whose reports of the last seconds were used; 0: health is not known. */
  nodeCount: number
}

/** Routing as a gateway sees it now: configuration, catalogue and what running gateways say. */
export async function readRouting({ database, clock }: AdminContext): Promise<ReadRouting> {
  const [config, catalogue, nodes] = await Promise.all([
    database.readGatewayConfig(),
    database.listCatalogue(),
    database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs }),
  ])
  const backends = config.backends.map((backend) =>
    viewBackend({
      backend,
      report: mergeReports(nodes, backend.id),
      models: catalogue.find((one) => one.backendId === backend.id)?.models ?? null,
      atWork: countAtWork(nodes, backend.name),
    }),
  )
  const frontend = config.frontends.find((one) => one.isDefault)
  if (frontend === undefined) throw invalidInput('There is no default frontend. Start Corral once.')
  const settings = parseSettings(config.settings)
  const routing = compileRouting({ ...config, frontend, backends, settings })
  return { config, frontend, routing, nodeCount: nodes.length }
}

/** A question for `selectCandidates` that takes no turn and leaves nothing to chance. */
export function routeRequest(question: {
  model: string
  label?: string
  pin?: string
  group?: OperationGroup
  /** OpenAI's where nothing is said: every kind of backend speaks it. */
  dialect?: Dialect
}): RouteRequest {
  const { group = 'inference', dialect = 'openai' } = question
  return {
    operation: { group, dialect, needsModel: true },
    model: question.model,
    needs: { images: false, tools: false, thinking: false },
    pin: question.pin ?? null,
    label: question.label ?? null,
    steadyBy: null,
    turn: 0,
    random: 0,
  }
}

/** By normalised model: what nodes tell of their oldest requests. */
function countAtWork(nodes: readonly NodeReport[], backendName: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { model, backendName: where } of nodes.flatMap((node) => node.exchanges ?? [])) {
    if (model === null || where !== backendName) continue
    const name = normalizeModelName(model)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

function viewBackend(options: {
  backend: BackendWithSealedCredential
  report: BackendReport | null
  models: CatalogueModel[] | null
  atWork: ReadonlyMap<string, number>
}): BackendView {
  const { backend, report, models, atWork } = options
  const health = backend.draining ? 'draining' : (report?.health ?? 'unknown')
  return {
    id: backend.id,
    name: backend.name,
    kind: backend.kind,
    priority: backend.priority,
    weight: backend.weight,
    maxMemoryGb: backend.maxMemoryGb,
    maxParallel: backend.maxParallel,
    labels: backend.labels,
    operations: backend.operations,
    models: backend.models,
    health: backend.enabled ? health : 'disabled',
    circuitAllows: report?.circuit !== 'open',
    circuitAllowsModel: () => true,
    rateAllows: true,
    inFlight: report?.inFlight ?? 0,
    inFlightOfModel: (model) => atWork.get(model) ?? 0,
    loaded: new Map(
      report?.loaded.map(({ name, sizeBytes }) => [normalizeModelName(name), { sizeBytes }]),
    ),
    catalogue:
      models && new Map(models.map((model) => [normalizeModelName(model.name), model] as const)),
    timeToFirstTokenMs: null,
  }
}
