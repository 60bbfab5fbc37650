import type { BackendHealthState } from '@/lib/db/contract'
import type { BackendView } from '@/lib/routing/contract'
import type { AttemptCounts } from './attempt-counts'
import type { AttemptRate } from './attempt-rate'
import type { BackendModels } from './backend-models'
import type { Circuit } from './circuit'
import type { FleetBackend } from './contract'
import type { LearnedTimes } from './learned-times'
import type { ModelCircuits } from './model-circuits'

type Parts = {
  backend: () => FleetBackend
  health: () => BackendHealthState
  learned: LearnedTimes
  monotonicMs: () => number
  circuit: Circuit
  modelCircuits: ModelCircuits
  rate: AttemptRate
  counts: AttemptCounts
  models: BackendModels
}

/**
 * What routing reads of a backend: one object for its life, each number as of the moment it is read.
 * A class: in a literal so many accessors make V8 look each of them up by its name.
 */
export class LiveBackendView implements BackendView {
  constructor(private readonly parts: Parts) {}

  get id() {
    return this.parts.backend().id
  }
  get name() {
    return this.parts.backend().name
  }
  get kind() {
    return this.parts.backend().kind
  }
  get priority() {
    return this.parts.backend().priority
  }
  get weight() {
    return this.parts.backend().weight
  }
  get maxMemoryGb() {
    return this.parts.backend().maxMemoryGb
  }
  get maxParallel() {
    return this.parts.backend().maxParallel
  }
  get labels() {
    return this.parts.backend().labels
  }
  get operations() {
    return this.parts.backend().operations
  }
  get models() {
    return this.parts.backend().models
  }
  get health() {
    return this.parts.health()
  }
  get circuitAllows() {
    return this.parts.circuit.allows(this.parts.monotonicMs())
  }
  circuitAllowsModel(model: string) {
    return this.parts.modelCircuits.allows(model, this.parts.monotonicMs())
  }
  get rateAllows() {
    const { rate, backend, monotonicMs } = this.parts
    return rate.allows(backend().requestsPerMinute, monotonicMs())
  }
  get inFlight() {
    return this.parts.counts.inFlight
  }
  inFlightOfModel(model: string) {
    return this.parts.counts.ofModel(model)
  }
  get loaded() {
    return this.parts.models.known.loaded
  }
  get catalogue() {
    return this.parts.models.known.catalogue
  }
  get timeToFirstTokenMs() {
    return this.parts.learned.timeToFirstTokenMs
  }
  get requestMs() {
    return this.parts.learned.requestMs
  }
}
