import type { Clock } from '@/lib/core/clock'
import type { Backend, BackendHealthState, BackendReport, CatalogueModel } from '@/lib/db/contract'
import type { BackendView } from '@/lib/routing/contract'
import type { Settings } from '@/lib/schemas/settings'

/** A backend whose credential was opened: it lives in memory only. */
export type FleetBackend = Backend & { credential: string | null }

export type FleetSettings = Pick<
  Settings,
  | 'healthIntervalMs'
  | 'healthTimeoutMs'
  | 'healthDegradedMs'
  | 'healthDownAfter'
  | 'healthUpAfter'
  | 'circuitFailures'
  | 'circuitOpenMs'
  | 'catalogueIntervalMs'
  | 'loadedIntervalMs'
  | 'connectTimeoutMs'
>

/**
 * What an attempt said about its backend. `failed` is what the backend did: refused, reset,
 * 502/503/504, broke off. `neutral` says nothing about it: the client left, 4xx, 429.
 * `ranModel` (absent: true when there is a first-token time) marks the model as loaded.
 */
export type AttemptOutcome =
  | { kind: 'answered'; timeToFirstTokenMs: number | null; ranModel?: boolean }
  | { kind: 'failed'; error: string }
  | { kind: 'out_of_memory'; error: string }
  | { kind: 'neutral' }

export type AttemptLease = {
  readonly model: string | null
  /** A header came that is no failure: counts as success at once, long before a stream ends. */
  noteAnswer(): void
  /** Releases the count and feeds circuit, health and learned times. The second call does nothing. */
  finish(outcome: AttemptOutcome): void
}

export type HealthChange = {
  backendId: string
  backendName: string
  from: BackendHealthState
  to: BackendHealthState
  atMs: number
  error: string | null
}

export type FleetOptions = {
  clock: Clock
  /** 0 to 1, as `Math.random`: spreads checks so that nodes do not knock in step. */
  random: () => number
  /** After each good reading of a backend's models. */
  onCatalogue?: (backendId: string, models: CatalogueModel[]) => void
  onHealthChange?: (change: HealthChange) => void
}

export type FleetUpdate = {
  backends: readonly FleetBackend[]
  settings: FleetSettings
  /** What an earlier process read, by backend id: serves until the first reading of our own. */
  catalogues?: ReadonlyMap<string, readonly CatalogueModel[]>
}

export type Fleet = {
  /** Live: new backends are checked at once, gone ones dropped, changed ones keep what is still true. */
  update(next: FleetUpdate): void
  /** Stable objects with live getters, in the order of the last update. */
  views(): readonly BackendView[]
  find(backendId: string): FleetBackend | null
  /**
   * Counts an attempt in flight. Look at `circuitAllows` of the view in the same turn: a circuit
   * that is half-open admits one trial, and whoever takes first is the trial.
   */
  takeAttempt(backendId: string, model: string | null): AttemptLease
  /**
   * With an id (something changed there): waits for a reading that begins after the call. Without:
   * joins what is under way on usable backends and reads where the last reading is 2 s old (F1).
   * Never rejects and never waits longer than 5 s.
   */
  refreshCatalogue(backendId?: string): Promise<void>
  refreshLoaded(backendId: string): void
  /** Entries of /api/ps as the backends sent them; none of a backend that is down. */
  loadedEntries(): { backendId: string; entries: Record<string, unknown>[] }[]
  /** D9: called when health begins to call the backend unhealthy. Returns how to stop listening. */
  onUnhealthy(backendId: string, listener: () => void): () => void
  reports(): BackendReport[]
  /** Ends every timer and socket of the fleet. */
  stop(): void
}
