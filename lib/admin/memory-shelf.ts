import { publicErrorText } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import type { BackendHealthState, BackendReport, NodeReport } from '@/lib/db/contract'
import type { CompiledRouting } from '@/lib/routing/compile-routing'
import type { BackendView } from '@/lib/routing/contract'
import { bytesInGb, memoryNeedGb } from '@/lib/routing/memory-need'
import { selectCandidates } from '@/lib/routing/select-candidates'
import { formatBytes } from '@/lib/ui/format'
import type { AdminContext } from './actor'
import { mergeReports, nodeSilentMs } from './fleet-health'
import { assertAllowed, canReadEverything } from './permissions'
import { readRouting, routeRequest } from './read-routing'

export type ShelfBlock = {
  model: string
  sizeBytes: number
  /** 0 to 1: what did not fit onto the GPU. */
  cpuShare: number
  contextLength: number | null
  /** Null: not known, or never. */
  expiresAtMs: number | null
  isKept: boolean
  /** Requests of ours that it works at. */
  inFlight: number
}
export type Shelf = {
  serverId: string
  name: string
  health: BackendHealthState
  /** What an operator said that it has; null when nobody did. */
  capacityBytes: number | null
  usedBytes: number
  blocks: ShelfBlock[]
}
/** Where a request for the model would go now, and what that would do there. */
export type Landing = {
  model: string
  sizeBytes: number | null
  loadedOn: string[]
  serverId: string | null
  /** What it needs there beside what is loaded; 0 when it is loaded already. */
  addsBytes: number
  pushesOut: string[]
  words: string
}
export type MemoryShelf = {
  shelves: Shelf[]
  /** Loaded ones first; at most 200. */
  landings: Landing[]
  /** How many models there are beyond these. */
  leftOut: number
}

const landingsMax = 200
/** Ollama writes a keep-alive without end as a time in centuries. */
const endlessMs = 10 * 365 * 86_400_000

/** What is in the memory of each server, and what routing would do to it for each model. */
export async function readMemoryShelf(context: AdminContext): Promise<MemoryShelf> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const nowMs = context.clock.nowMs()
  const [{ routing }, nodes] = await Promise.all([
    readRouting(context),
    context.database.listNodeReports({ seenSinceMs: nowMs - nodeSilentMs }),
  ])
  const shelves = routing.backends.map((backend) => makeShelf(backend, nodes, nowMs))
  const names = modelNames(routing)
  return {
    shelves,
    landings: names.slice(0, landingsMax).map((name) => findLanding(name, routing, shelves)),
    leftOut: Math.max(0, names.length - landingsMax),
  }
}

function makeShelf(backend: BackendView, nodes: readonly NodeReport[], nowMs: number): Shelf {
  const loaded = mergeReports(nodes, backend.id)?.loaded ?? []
  const blocks = loaded
    .map((model) => makeBlock(model, backend, nowMs))
    .sort((a, b) => b.sizeBytes - a.sizeBytes || a.model.localeCompare(b.model))
  return {
    serverId: backend.id,
    name: backend.name,
    health: backend.health,
    capacityBytes: backend.maxMemoryGb === null ? null : backend.maxMemoryGb * bytesInGb,
    usedBytes: blocks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    blocks,
  }
}

function makeBlock(
  { name, sizeBytes, sizeVramBytes, expiresAt, contextLength }: BackendReport['loaded'][number],
  backend: BackendView,
  nowMs: number,
): ShelfBlock {
  const expiresAtMs = expiresAt === null ? Number.NaN : Date.parse(expiresAt)
  const isKept = expiresAtMs - nowMs > endlessMs
  return {
    model: name,
    sizeBytes,
    cpuShare: sizeBytes > 0 ? Math.min(1, Math.max(0, 1 - sizeVramBytes / sizeBytes)) : 0,
    contextLength,
    expiresAtMs: Number.isFinite(expiresAtMs) && !isKept ? expiresAtMs : null,
    isKept,
    inFlight: backend.inFlightOfModel(normalizeModelName(name)),
  }
}

/** Every model of a catalogue, those in memory first. */
function modelNames({ backends }: CompiledRouting): string[] {
  const names = new Map<string, { name: string; isLoaded: boolean }>()
  for (const { catalogue, loaded } of backends) {
    for (const [normalized, { name }] of catalogue ?? []) {
      const isLoaded = loaded.has(normalized) || names.get(normalized)?.isLoaded === true
      names.set(normalized, { name, isLoaded })
    }
  }
  return [...names.values()]
    .sort((a, b) => Number(b.isLoaded) - Number(a.isLoaded) || a.name.localeCompare(b.name))
    .map(({ name }) => name)
}

function findLanding(model: string, routing: CompiledRouting, shelves: readonly Shelf[]): Landing {
  const normalized = normalizeModelName(model)
  const sizes = routing.backends.flatMap(
    ({ catalogue }) => catalogue?.get(normalized)?.sizeBytes ?? [],
  )
  const landing: Landing = {
    model,
    sizeBytes: sizes.length > 0 ? Math.max(...sizes) : null,
    loadedOn: routing.backends.filter(({ loaded }) => loaded.has(normalized)).map(nameOf),
    serverId: null,
    addsBytes: 0,
    pushesOut: [],
    words: '',
  }
  const { candidates, failure } = selectCandidates(routeRequest({ model }), routing)
  const chosen = candidates[0]
  const shelf = shelves.find(({ serverId }) => serverId === chosen?.backend.id)
  if (chosen === undefined || shelf === undefined) {
    const why = failure === null ? '' : publicErrorText(failure.code, failure.params)
    return { ...landing, words: `${model} would be served by nobody now. ${why}`.trim() }
  }
  const { backend } = chosen
  const sent = normalizeModelName(chosen.model ?? model)
  const named = sent === normalized ? model : `${model}, served as ${chosen.model},`
  const at = { ...landing, serverId: backend.id }
  if (backend.loaded.has(sent)) {
    const full = backend.inFlight >= backend.maxParallel
    const wait = full ? ', after a wait for a slot' : ''
    return { ...at, words: `${named} is loaded on ${backend.name} and would answer there${wait}.` }
  }
  if (backend.kind !== 'ollama') {
    const words = `${named} would go to ${backend.name}, which does not tell what it has loaded.`
    return { ...at, words }
  }
  const addsBytes = memoryNeedGb(routing.memory, sent, backend, routing.backends) * bytesInGb
  return { ...at, addsBytes, ...pushOut({ named, addsBytes, shelf }) }
}

/**
 * Ollama drives out idle models first, and of these the one that is kept the shortest: we know
 * the time left, which is near to that. Nothing is driven out that need not be.
 */
function pushOut(options: {
  named: string
  addsBytes: number
  shelf: Shelf
}): Pick<Landing, 'pushesOut' | 'words'> {
  const { named, addsBytes, shelf } = options
  const loads = `${named} would be loaded on ${shelf.name} (${formatBytes(addsBytes)})`
  if (shelf.blocks.length === 0) {
    return { pushesOut: [], words: `${loads}, which has nothing loaded.` }
  }
  if (shelf.capacityBytes === null) {
    const unknown = 'Its memory is not set, so what it would push out is not known.'
    return { pushesOut: [], words: `${loads}. ${unknown}` }
  }
  let freeBytes = shelf.capacityBytes - shelf.usedBytes
  if (freeBytes >= addsBytes) {
    return { pushesOut: [], words: `${loads}, beside what is loaded there.` }
  }
  const order = shelf.blocks.toSorted(
    (a, b) => Number(a.inFlight > 0) - Number(b.inFlight > 0) || timeLeft(a) - timeLeft(b),
  )
  const out: ShelfBlock[] = []
  for (const block of order) {
    if (freeBytes >= addsBytes) break
    out.push(block)
    freeBytes += block.sizeBytes
  }
  const pushesOut = out.map(({ model }) => model)
  const busy = out.find(({ inFlight }) => inFlight > 0)
  const wait = busy === undefined ? '' : `, once ${busy.model} has finished its work`
  const spill = freeBytes < addsBytes ? ' Even then a part of it would run on the CPU.' : ''
  return { pushesOut, words: `${loads} and push out ${pushesOut.join(', ')}${wait}.${spill}` }
}

function timeLeft({ expiresAtMs, isKept }: ShelfBlock): number {
  return isKept ? Number.MAX_SAFE_INTEGER : (expiresAtMs ?? 0)
}

const nameOf = ({ name }: BackendView) => name
