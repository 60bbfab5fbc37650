import { LinkedList } from '@/lib/core/linked-list'
import type { BackendHealthState, BackendReport, CatalogueModel } from '@/lib/db/contract'
import type { BackendView } from '@/lib/routing/contract'
import { AttemptCounts } from './attempt-counts'
import { createAttemptRate } from './attempt-rate'
import { parseBackendUrl } from './backend-address'
import { createBackendModels } from './backend-models'
import { LiveBackendView } from './backend-view'
import { createCircuit } from './circuit'
import type { AttemptLease, FleetBackend, FleetOptions, FleetSettings } from './contract'
import { createHealthCheck } from './health-check'
import { HealthState } from './health-state'
import { LearnedTimes } from './learned-times'
import { createModelCircuits } from './model-circuits'
import type { Prober, ProbeTarget } from './probe'
import { type AttemptParts, takeAttempt } from './take-attempt'

export type WatchedBackend = {
  readonly view: BackendView
  backend(): FleetBackend
  isUnhealthy(): boolean
  inFlight(): number
  loadedEntries(): Record<string, unknown>[]
  /** Begins the checks and the first readings. */
  start(): void
  change(next: FleetBackend): void
  applySettings(): void
  seed(models: readonly CatalogueModel[]): void
  takeAttempt(model: string | null): AttemptLease
  askCatalogue(): Promise<void>
  joinCatalogue(): Promise<void>
  askLoaded(): void
  onUnhealthy(listener: () => void): () => void
  report(): BackendReport
  stop(): void
}

/** Everything this process knows of one backend: health, circuit, models, attempts in flight. */
export function createWatchedBackend(
  first: FleetBackend,
  options: FleetOptions & {
    settings: () => FleetSettings
    prober: Prober
    /** The last attempt in flight ended. */
    onIdle: () => void
  },
): WatchedBackend {
  const { clock, settings } = options
  const nowMs = clock.monotonicMs
  let backend = first
  let target = targetOf(first)
  let wasUnhealthy = false
  const unhealthyListeners = new LinkedList<() => void>()
  const counts = new AttemptCounts()
  const rate = createAttemptRate()
  const learned = new LearnedTimes()
  const modelCircuits = createModelCircuits(() => settings().circuitOpenMs)
  const circuit = createCircuit(() => ({
    failures: settings().circuitFailures,
    openMs: settings().circuitOpenMs,
  }))
  const health = new HealthState(() => ({
    degradedMs: settings().healthDegradedMs,
    downAfter: settings().healthDownAfter,
    upAfter: settings().healthUpAfter,
  }))
  const models = createBackendModels({
    plan: () =>
      !backend.enabled || target === null || health.current === 'unhealthy'
        ? null
        : {
            kind: backend.kind,
            target,
            catalogueIntervalMs: settings().catalogueIntervalMs,
            loadedIntervalMs: settings().loadedIntervalMs,
            busy: counts.inFlight > 0,
          },
    prober: options.prober,
    random: options.random,
    monotonicMs: nowMs,
    onCatalogue: (read) => options.onCatalogue?.(backend.id, read),
  })
  const check = createHealthCheck({
    // A disabled backend is left alone, unless requests still wait for it.
    plan: () =>
      !backend.enabled && counts.inFlight === 0
        ? null
        : {
            kind: backend.kind,
            target,
            method: backend.healthMethod,
            path: backend.healthPath,
            timeoutMs: settings().healthTimeoutMs,
            degradedMs: settings().healthDegradedMs,
          },
    intervalMs: () => settings().healthIntervalMs,
    prober: options.prober,
    state: health,
    random: options.random,
    monotonicMs: nowMs,
    onResult: noticeHealth,
  })

  function healthShown(): BackendHealthState {
    if (!backend.enabled) return 'disabled'
    return backend.draining ? 'draining' : health.current
  }
  let shown = healthShown()
  let shownSinceMs = clock.nowMs()

  function noticeHealth(): void {
    const isUnhealthy = health.current === 'unhealthy'
    if (isUnhealthy && !wasUnhealthy) {
      models.forgetLoaded()
      for (const listener of [...unhealthyListeners]) listener()
    }
    if (!isUnhealthy && wasUnhealthy) {
      // It was down and answers again: what its failures said of it is over, and its memory is empty.
      circuit.reset()
      modelCircuits.reset()
      models.readAll()
    }
    wasUnhealthy = isUnhealthy
    const from = shown
    shown = healthShown()
    if (shown === from) return
    shownSinceMs = clock.nowMs()
    options.onHealthChange?.({
      backendId: backend.id,
      backendName: backend.name,
      from,
      to: shown,
      atMs: shownSinceMs,
      error: shown === 'unhealthy' || shown === 'degraded' ? health.lastError : null,
    })
  }

  function lastError(): string | null {
    return health.current === 'unhealthy'
      ? health.lastError
      : (models.known.lastError ?? health.lastError)
  }

  function startOverWithMachine(): void {
    target = targetOf(backend)
    learned.reset()
    wasUnhealthy = false
    health.reset()
    circuit.reset()
    modelCircuits.reset()
    models.forgetAll()
    check.restart()
    models.readAll()
  }

  const attemptParts: AttemptParts = {
    monotonicMs: nowMs,
    machine: () => target,
    counts,
    rate,
    circuit,
    modelCircuits,
    health,
    learned,
    models,
    noticeHealth,
    checkNow: check.checkNow,
    onIdle: options.onIdle,
  }
  const view = new LiveBackendView({
    backend: () => backend,
    health: healthShown,
    learned,
    monotonicMs: nowMs,
    circuit,
    modelCircuits,
    rate,
    counts,
    models,
  })

  return {
    view,
    backend: () => backend,
    isUnhealthy: () => health.current === 'unhealthy',
    inFlight: () => counts.inFlight,
    loadedEntries: () => models.known.loadedReading.entries,
    start() {
      check.checkNow()
      models.readAll()
    },
    change(next) {
      const before = backend
      backend = next
      if (isOtherMachine(before, next)) startOverWithMachine()
      else if (before.enabled !== next.enabled) {
        if (!next.enabled) models.forgetLoaded()
        check.restart()
        models.readAll()
      } else if (
        before.healthPath !== next.healthPath ||
        before.healthMethod !== next.healthMethod
      ) {
        check.restart()
      }
      noticeHealth()
    },
    applySettings() {
      check.reschedule()
      models.reschedule()
    },
    seed: models.seed,
    takeAttempt: (model) => takeAttempt(model, attemptParts),
    askCatalogue: models.askCatalogue,
    joinCatalogue: models.joinCatalogue,
    askLoaded: models.askLoaded,
    onUnhealthy(listener) {
      const entry = unhealthyListeners.add(listener)
      return () => entry.remove()
    },
    report() {
      const now = nowMs()
      const { downSinceMs, latencyMs } = health
      return {
        id: backend.id,
        health: healthShown(),
        sinceMs: shownSinceMs,
        downSinceMs: downSinceMs === null ? null : Math.round(clock.nowMs() - now + downSinceMs),
        downtimeTotalMs: Math.round(health.downtimeTotalMs(now)),
        latencyMs: latencyMs === null ? null : Math.round(latencyMs * 10) / 10,
        lastError: lastError(),
        version: models.known.version,
        inFlight: counts.inFlight,
        circuit: circuit.state(now),
        loaded: models.known.loadedReading.models,
      }
    },
    stop() {
      check.stop()
      models.stop()
      unhealthyListeners.takeAll()
    },
  }
}

function isOtherMachine(before: FleetBackend, next: FleetBackend): boolean {
  return (
    before.url !== next.url || before.kind !== next.kind || before.credential !== next.credential
  )
}

/** A new object for each machine: whoever holds an older one knows that its news are stale. */
function targetOf(backend: FleetBackend): ProbeTarget | null {
  try {
    return { address: parseBackendUrl(backend.url), credential: backend.credential }
  } catch {
    // Refused when it was typed; one that stands in the database all the same is shown as down.
    return null
  }
}
