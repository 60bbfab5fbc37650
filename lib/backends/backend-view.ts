import type { BackendHealthState } from '@/lib/db/contract'
import type { BackendView } from '@/lib/routing/contract'
import type { AttemptCounts } from './attempt-counts'
import type { AttemptRate } from './attempt-rate'
import type { BackendModels } from './backend-models'
import type { Circuit } from './circuit'
import type { FleetBackend } from './contract'
import type { LearnedTimes } from './learned-times'
import type { ModelCircuits } from './model-circuits'

/** What routing reads of a backend: one object for its life, each number as of the moment it is read. */
export function createBackendView(parts: {
  backend: () => FleetBackend
  health: () => BackendHealthState
  learned: LearnedTimes
  monotonicMs: () => number
  circuit: Circuit
  modelCircuits: ModelCircuits
  rate: AttemptRate
  counts: AttemptCounts
  models: BackendModels
}): BackendView {
  const { backend, learned, circuit, modelCircuits, rate, counts, models, monotonicMs } = parts
  return {
    get id() {
      return backend().id
    },
    get name() {
      return backend().name
    },
    get kind() {
      return backend().kind
    },
    get priority() {
      return backend().priority
    },
    get weight() {
      return backend().weight
    },
    get maxMemoryGb() {
      return backend().maxMemoryGb
    },
    get maxParallel() {
      return backend().maxParallel
    },
    get labels() {
      return backend().labels
    },
    get operations() {
      return backend().operations
    },
    get models() {
      return backend().models
    },
    get health() {
      return parts.health()
    },
    get circuitAllows() {
      return circuit.allows(monotonicMs())
    },
    circuitAllowsModel: (model) => modelCircuits.allows(model, monotonicMs()),
    get rateAllows() {
      return rate.allows(backend().requestsPerMinute, monotonicMs())
    },
    get inFlight() {
      return counts.inFlight
    },
    inFlightOfModel: (model) => counts.ofModel(model),
    get loaded() {
      return models.loaded
    },
    get catalogue() {
      return models.catalogue
    },
    get timeToFirstTokenMs() {
      return learned.timeToFirstTokenMs
    },
    get requestMs() {
      return learned.requestMs
    },
  }
}
