import { normalizeModelName } from '@/lib/core/model-name'
import type { CatalogueModel } from '@/lib/db/contract'
import type { BackendView, RouteRequest, RoutingConfig } from '@/lib/routing/contract'

type ViewChange = Partial<Omit<BackendView, 'catalogue' | 'loaded'>> & {
  /** Names, or names with what the catalogue says about them; null: never read. */
  has?: (string | (Partial<CatalogueModel> & { name: string }))[] | null
  /** Loaded models with their size in GB. */
  loaded?: Record<string, number>
  /** Our own requests in flight by normalised model. */
  busyWith?: Record<string, number>
}

/** A backend as routing sees it: healthy, idle, without limits, with `llama3`. */
export function makeBackendView(name: string, change: ViewChange = {}): BackendView {
  const { has = ['llama3'], loaded = {}, busyWith = {}, ...rest } = change
  const sum = Object.values(busyWith).reduce((total, count) => total + count, 0)
  return {
    id: `id-${name}`,
    name,
    kind: 'ollama',
    priority: 100,
    weight: 1,
    maxMemoryGb: null,
    maxParallel: 4,
    labels: {},
    operations: null,
    models: { allow: ['*'], deny: [] },
    health: 'healthy',
    circuitAllows: true,
    circuitAllowsModel: () => true,
    rateAllows: true,
    inFlight: sum,
    inFlightOfModel: (model) => busyWith[model] ?? 0,
    loaded: new Map(
      Object.entries(loaded).map(([model, gb]) => [
        normalizeModelName(model),
        { sizeBytes: gb * 1e9 },
      ]),
    ),
    catalogue: has && new Map(has.map(catalogueEntry)),
    timeToFirstTokenMs: null,
    ...rest,
  }
}

export function makeRouteRequest(change: Partial<RouteRequest> = {}): RouteRequest {
  return {
    operation: { group: 'inference', dialect: 'ollama', needsModel: true },
    model: 'llama3',
    needs: { images: false, tools: false, thinking: false },
    pin: null,
    label: null,
    steadyBy: null,
    turn: 0,
    random: 0,
    ...change,
  }
}

export function makeRoutingConfig(
  backends: readonly BackendView[],
  change: Partial<Omit<RoutingConfig, 'frontend' | 'settings'>> &
    Partial<RoutingConfig['frontend']> &
    Partial<RoutingConfig['settings']> = {},
): RoutingConfig {
  return {
    frontend: {
      strategy: change.strategy ?? 'warm-first',
      unknownModel: change.unknownModel ?? '404',
    },
    backends,
    aliases: change.aliases ?? [],
    assignments: change.assignments ?? [],
    memoryRules: change.memoryRules ?? [],
    settings: {
      memoryDefaultGb: change.memoryDefaultGb ?? 4.5,
      whenNothingFits: change.whenNothingFits ?? 'refuse',
    },
  }
}

function catalogueEntry(
  model: string | (Partial<CatalogueModel> & { name: string }),
): [string, CatalogueModel] {
  const given = typeof model === 'string' ? { name: model } : model
  const entry = { name: given.name, model: given.name }
  const unknown = { digest: null, sizeBytes: null, modifiedAt: null, capabilities: null, entry }
  return [normalizeModelName(given.name), { ...unknown, ...given }]
}
