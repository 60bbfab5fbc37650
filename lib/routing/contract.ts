import type { ErrorCode, ErrorParams } from '@/lib/core/errors'
import type {
  Alias,
  Assignment,
  BackendHealthState,
  CatalogueModel,
  Frontend,
  MemoryRule,
} from '@/lib/db/contract'
import type { BackendKind, ModelRules, OperationGroup } from '@/lib/schemas/entities'
import type { Settings } from '@/lib/schemas/settings'

/** A backend as routing sees it: what is configured, and live numbers read at each selection. */
export type BackendView = {
  readonly id: string
  readonly name: string
  readonly kind: BackendKind
  /** Lower comes first. */
  readonly priority: number
  readonly weight: number
  readonly maxMemoryGb: number | null
  readonly maxParallel: number
  readonly labels: Readonly<Record<string, string>>
  readonly operations: readonly OperationGroup[] | null
  readonly models: ModelRules
  readonly health: BackendHealthState
  readonly circuitAllows: boolean
  /** Takes a normalised name. */
  circuitAllowsModel(model: string): boolean
  readonly rateAllows: boolean
  readonly inFlight: number
  /** Takes a normalised name. */
  inFlightOfModel(model: string): number
  /** What /api/ps said last, by normalised name. */
  readonly loaded: ReadonlyMap<string, { sizeBytes: number }>
  /** By normalised name; null: never read. */
  readonly catalogue: ReadonlyMap<string, CatalogueModel> | null
  readonly timeToFirstTokenMs: number | null
  /** How long a whole request took here lately; absent or null: not known. */
  readonly requestMs?: number | null
}

/** Why a backend is not a candidate, or `later_in_order` for one that was not needed. */
export type ReasonCode =
  | 'disabled'
  | 'draining'
  | 'unhealthy'
  | 'circuit_open'
  | 'model_circuit_open'
  | 'no_model'
  | 'operation_off'
  | 'model_off'
  | 'dialect'
  | 'too_large'
  | 'label'
  | 'not_pinned'
  | 'not_assigned'
  | 'capability'
  | 'rate'
  | 'later_in_order'

export type RouteRequest = {
  operation: {
    group: OperationGroup | null
    dialect: 'ollama' | 'openai' | 'anthropic'
    needsModel: boolean
  }
  /** As asked. */
  model: string | null
  needs: { images: boolean; tools: boolean; thinking: boolean }
  /** `X-Corral-Backend`: a name, an id or a label. */
  pin: string | null
  /** `gpu=a100` or `gpu`; several with commas. */
  label: string | null
  /** Principal id: create, push and blobs go to one steady backend. */
  steadyBy: string | null
  /** A counter, for taking turns. */
  turn: number
  /** [0, 1). */
  random: number
}

export type RoutingConfig = {
  frontend: Pick<Frontend, 'strategy' | 'unknownModel'>
  backends: readonly BackendView[]
  aliases: readonly Pick<Alias, 'alias' | 'targets'>[]
  assignments: readonly Pick<Assignment, 'model' | 'backendId'>[]
  memoryRules: readonly Pick<MemoryRule, 'kind' | 'match' | 'gb' | 'position'>[]
  settings: Pick<Settings, 'memoryDefaultGb' | 'whenNothingFits'>
}

export type Candidate = {
  backend: BackendView
  /** The name to send to that backend: an alias's target, or the client's own words untouched. */
  model: string | null
  aliased: boolean
}

export type Rejection = { backend: BackendView; reason: ReasonCode }
export type RouteFailure = { code: ErrorCode; params: ErrorParams }

export type Selection = {
  /** In order of trying; each pair of backend and model once. */
  candidates: Candidate[]
  /** The backends that are no candidate. */
  rejected: Rejection[]
  /** Set when there are no candidates. */
  failure: RouteFailure | null
  /** Some backend has it, healthy or not. */
  modelKnown: boolean
  /** What the first candidate's (or the refused) model needs; null where no backend has a limit. */
  needGb: number | null
}
