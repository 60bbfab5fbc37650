import { normalizeModelName } from '@/lib/core/model-name'
import type { CatalogueModel } from '@/lib/db/contract'
import type { BackendKind } from '@/lib/schemas/entities'
import {
  type LoadedReading,
  type ReadOptions,
  readCatalogue,
  readLoaded,
  readVersion,
} from './catalogue'
import { createPacedRead } from './paced-read'
import type { Prober, ProbeTarget } from './probe'
import { renderFailure } from './render-failure'

export type ModelsPlan = {
  kind: BackendKind
  target: ProbeTarget
  catalogueIntervalMs: number
  loadedIntervalMs: number
  busy: boolean
}
/** What was read last; one object that is written to. */
export type KnownModels = {
  catalogue: Map<string, CatalogueModel> | null
  loaded: Map<string, { sizeBytes: number }>
  loadedReading: LoadedReading
  version: string | null
  /** Why the last reading of the catalogue failed; null when it did not. */
  lastError: string | null
}
export type BackendModels = {
  readonly known: Readonly<KnownModels>
  /** Catalogue, version and loaded models, soon. */
  readAll(): void
  /** After something changed there: waits for a catalogue that is newer than the call. */
  askCatalogue(): Promise<void>
  /** Before a refusal: joins, and reads when the last reading is not fresh. */
  joinCatalogue(): Promise<void>
  askLoaded(): void
  /** A request of ours ran the model: it is in memory, whatever the last poll said. */
  markLoaded(model: string): void
  /** Traffic began: the slow pace of an idle backend ends. */
  noteBusy(): void
  reschedule(): void
  /** The machine went down, or is not looked at any more: what it has in memory is not known. */
  forgetLoaded(): void
  /** Another machine stands behind the name now. */
  forgetAll(): void
  seed(models: readonly CatalogueModel[]): void
  stop(): void
}

const catalogueGapMs = 2000
const loadedGapMs = 200
const idleLoadedIntervalMs = 30_000
const retryIntervalMs = 30_000
const marksMax = 1000
const loadedMax = 10_000
const nothingLoaded: LoadedReading = { models: [], entries: [] }

/**
 * F1 for one backend: the catalogue at its slow pace, the loaded models at a quick one while it is
 * busy. A reading that fails keeps the last good one. `plan` is null while it is not to be asked.
 */
export function createBackendModels(options: {
  plan: () => ModelsPlan | null
  prober: Prober
  random: () => number
  monotonicMs: () => number
  onCatalogue: (models: CatalogueModel[]) => void
}): BackendModels {
  let machine = new AbortController()
  const nowMs = options.monotonicMs
  const known: KnownModels = {
    catalogue: null,
    loaded: new Map(),
    loadedReading: nothingLoaded,
    version: null,
    lastError: null,
  }
  const markedAtMs = new Map<string, number>()

  const readOptions = (plan: ModelsPlan): ReadOptions => ({
    prober: options.prober,
    target: plan.target,
    signal: machine.signal,
  })

  const catalogueRead = createPacedRead({
    gapMs: catalogueGapMs,
    nowMs,
    read: async () => {
      const plan = options.plan()
      if (plan === null) return
      const asked = readOptions(plan)
      let failure: string | null = null
      const [models, newVersion] = await Promise.all([
        readCatalogue(plan.kind, asked).catch((error: unknown) => {
          failure = renderFailure(error)
          return null
        }),
        plan.kind === 'ollama' ? readVersion(asked).catch(() => null) : null,
      ])
      if (asked.signal.aborted || options.plan() === null) return
      known.version = newVersion ?? known.version
      known.lastError = failure
      if (models === null) return
      known.catalogue = mapByName(models)
      options.onCatalogue(models)
    },
  })
  const loadedRead = createPacedRead({
    gapMs: loadedGapMs,
    nowMs,
    read: async () => {
      const plan = options.plan()
      if (plan === null || plan.kind !== 'ollama') return
      const beganMs = nowMs()
      const asked = readOptions(plan)
      const reading = await readLoaded(asked).catch(() => null)
      if (reading === null || asked.signal.aborted || options.plan() === null) return
      known.loadedReading = reading
      const next = new Map<string, { sizeBytes: number }>()
      for (const { name, sizeBytes } of reading.models) {
        next.set(normalizeModelName(name), { sizeBytes })
      }
      for (const [name, atMs] of markedAtMs) {
        // Marked while the answer was on its way: the answer may be older than the mark.
        if (atMs < beganMs) markedAtMs.delete(name)
        else if (!next.has(name)) next.set(name, { sizeBytes: sizeOf(name) })
      }
      known.loaded = next
    },
  })
  const forgetLoaded = () => {
    known.loaded = new Map()
    known.loadedReading = nothingLoaded
    markedAtMs.clear()
  }
  const sizeOf = (name: string) =>
    known.loaded.get(name)?.sizeBytes ?? known.catalogue?.get(name)?.sizeBytes ?? 0

  const catalogueLoop = createLoop({
    intervalMs: () => {
      const intervalMs = options.plan()?.catalogueIntervalMs ?? retryIntervalMs
      return known.lastError !== null ? Math.min(intervalMs, retryIntervalMs) : intervalMs
    },
    random: options.random,
    nowMs,
    run: () => catalogueRead.ask(),
  })
  const loadedLoop = createLoop({
    intervalMs: () => {
      const plan = options.plan()
      if (plan === null) return idleLoadedIntervalMs
      return plan.busy
        ? plan.loadedIntervalMs
        : Math.max(plan.loadedIntervalMs, idleLoadedIntervalMs)
    },
    random: options.random,
    nowMs,
    run: () => loadedRead.ask(),
  })

  return {
    known,
    readAll() {
      void catalogueRead.ask().then(catalogueLoop.reschedule)
      void loadedRead.ask()
    },
    askCatalogue: catalogueRead.ask,
    joinCatalogue: catalogueRead.join,
    askLoaded: () => void loadedRead.ask(),
    markLoaded(model) {
      if (options.plan()?.kind !== 'ollama') return
      markedAtMs.set(model, nowMs())
      const oldest = markedAtMs.size > marksMax ? markedAtMs.keys().next().value : undefined
      if (oldest !== undefined) markedAtMs.delete(oldest)
      if (known.loaded.has(model) || known.loaded.size >= loadedMax) return
      known.loaded.set(model, { sizeBytes: sizeOf(model) })
      void loadedRead.ask()
    },
    noteBusy: () => loadedLoop.hasten(),
    reschedule() {
      catalogueLoop.reschedule()
      loadedLoop.reschedule()
    },
    forgetLoaded,
    forgetAll() {
      machine.abort()
      machine = new AbortController()
      forgetLoaded()
      known.catalogue = null
      known.version = null
      known.lastError = null
    },
    seed(models) {
      known.catalogue ??= mapByName(models)
    },
    stop() {
      machine.abort()
      catalogueLoop.stop()
      loadedLoop.stop()
      catalogueRead.stop()
      loadedRead.stop()
    },
  }
}

function mapByName(models: readonly CatalogueModel[]): Map<string, CatalogueModel> {
  return new Map(models.map((model) => [normalizeModelName(model.name), model]))
}

/** Runs for ever, jittered by ±10 %; the interval is read anew for each turn. */
function createLoop(options: {
  intervalMs: () => number
  random: () => number
  nowMs: () => number
  run: () => Promise<void>
}) {
  let timer: NodeJS.Timeout | null = null
  let dueMs = 0
  let stopped = false
  const schedule = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (stopped) return
    const waitMs = options.intervalMs() * (0.9 + 0.2 * options.random())
    dueMs = options.nowMs() + waitMs
    timer = setTimeout(() => {
      timer = null
      dueMs = Number.POSITIVE_INFINITY
      void options.run().then(schedule)
    }, waitMs)
  }
  schedule()
  return {
    reschedule() {
      if (timer !== null) schedule()
    },
    /** Comes sooner when the interval has become shorter; never later. */
    hasten() {
      if (timer !== null && dueMs - options.nowMs() > options.intervalMs() * 1.1) schedule()
    },
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
