import type { BackendView } from '@/lib/routing/contract'
import { settingDefinitions } from '@/lib/schemas/settings'
import type { AttemptLease, Fleet, FleetOptions, FleetSettings } from './contract'
import { createProber } from './probe'
import { createWatchedBackend, type WatchedBackend } from './watched-backend'

const refreshWaitMsMax = 5000

/**
 * The machines behind this process: checks them, reads their models, counts what is in flight and
 * learns from every attempt. Nothing here waits on a request's path, and everything is in memory.
 * `stop` ends what `update` began.
 */
export function createFleet(options: FleetOptions): Fleet {
  const watched = new Map<string, WatchedBackend>()
  /** Removed while requests run there: watched until the last one ends, and used for nothing else. */
  const leaving = new Map<string, WatchedBackend>()
  let settings: FleetSettings = defaultSettings()
  const prober = createProber({
    connectTimeoutMs: () => settings.connectTimeoutMs,
    monotonicMs: options.clock.monotonicMs,
  })
  let views: readonly BackendView[] = []
  let stopped = false

  function applySettings(next: FleetSettings): void {
    const before = settings
    settings = next
    const names = Object.keys(before) as (keyof FleetSettings)[]
    if (names.every((name) => before[name] === next[name])) return
    for (const one of [...watched.values(), ...leaving.values()]) one.applySettings()
  }

  function forget(id: string, one: WatchedBackend): void {
    watched.delete(id)
    if (one.inFlight() > 0) {
      leaving.set(id, one)
      one.change({ ...one.backend(), enabled: false })
    } else one.stop()
  }

  function dropWhenIdle(id: string): void {
    const one = leaving.get(id)
    if (one === undefined) return
    leaving.delete(id)
    one.stop()
  }

  const findWatched = (id: string) => watched.get(id) ?? leaving.get(id)

  return {
    update(next) {
      if (stopped) return
      applySettings(next.settings)
      const ids = new Set(next.backends.map((backend) => backend.id))
      for (const [id, one] of [...watched]) if (!ids.has(id)) forget(id, one)
      const ordered: BackendView[] = []
      for (const backend of next.backends) {
        const { id } = backend
        let one = findWatched(id)
        leaving.delete(id)
        if (one === undefined) {
          one = createWatchedBackend(backend, {
            ...options,
            settings: () => settings,
            prober,
            onIdle: () => dropWhenIdle(id),
          })
          one.start()
        } else one.change(backend)
        const known = next.catalogues?.get(id)
        if (known !== undefined) one.seed(known)
        watched.set(id, one)
        ordered.push(one.view)
      }
      views = ordered
    },
    views: () => views,
    find: (id) => watched.get(id)?.backend() ?? null,
    takeAttempt: (id, model) => watched.get(id)?.takeAttempt(model) ?? emptyLease(model),
    async refreshCatalogue(id) {
      const readings: Promise<void>[] = []
      if (id !== undefined) readings.push(watched.get(id)?.askCatalogue() ?? Promise.resolve())
      else {
        for (const one of watched.values()) {
          if (one.backend().enabled && !one.isUnhealthy()) readings.push(one.joinCatalogue())
        }
      }
      await waitAtMost(refreshWaitMsMax, Promise.all(readings))
    },
    refreshLoaded: (id) => watched.get(id)?.askLoaded(),
    loadedEntries: () =>
      [...watched].map(([backendId, one]) => ({ backendId, entries: one.loadedEntries() })),
    onUnhealthy: (id, listener) => findWatched(id)?.onUnhealthy(listener) ?? (() => {}),
    reports: () => [...watched.values()].map((one) => one.report()),
    stop() {
      stopped = true
      for (const one of [...watched.values(), ...leaving.values()]) one.stop()
      watched.clear()
      leaving.clear()
      views = []
      prober.close()
    },
  }
}

/** For a backend that vanished between choosing and dialling: nothing to count. */
function emptyLease(model: string | null): AttemptLease {
  return { model, noteAnswer: () => {}, finish: () => {} }
}

/** What holds until the first update. */
function defaultSettings(): FleetSettings {
  return {
    healthIntervalMs: settingDefinitions.healthIntervalMs.default,
    healthTimeoutMs: settingDefinitions.healthTimeoutMs.default,
    healthDegradedMs: settingDefinitions.healthDegradedMs.default,
    healthDownAfter: settingDefinitions.healthDownAfter.default,
    healthUpAfter: settingDefinitions.healthUpAfter.default,
    circuitFailures: settingDefinitions.circuitFailures.default,
    circuitOpenMs: settingDefinitions.circuitOpenMs.default,
    catalogueIntervalMs: settingDefinitions.catalogueIntervalMs.default,
    loadedIntervalMs: settingDefinitions.loadedIntervalMs.default,
    connectTimeoutMs: settingDefinitions.connectTimeoutMs.default,
  }
}

async function waitAtMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
