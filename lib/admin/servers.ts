import * as z from 'zod'
import { parseBackendUrl } from '@/lib/backends/backend-address'
import { CorralError } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import { openSecret } from '@/lib/core/seal'
import type { AuditRow, Backend, BackendHealthState, BackendReport } from '@/lib/db/contract'
import type { BackendEvent } from '@/lib/db/contract-reads'
import { backendInputSchema, backendKindSchema } from '@/lib/schemas/entities'
import type { AdminContext } from './actor'
import {
  type BackendFields,
  drainBackend,
  removeBackend,
  resumeBackend,
  updateBackend,
} from './backends'
import { type BackendCheck, testBackend } from './check-backend'
import { mergeReports, nodeSilentMs } from './fleet-health'
import { type MemoryShelf, readMemoryShelf } from './memory-shelf'
import { parseInput } from './parse-input'
import { assertAllowed, canManageBackends, canReadEverything } from './permissions'
import { type Uptime, uptimeOf } from './uptime'

export type Server = Backend & {
  health: BackendHealthState
  sinceMs: number | null
  downSinceMs: number | null
  lastError: string | null
  circuit: BackendReport['circuit']
  latencyMs: number | null
  version: string | null
  inFlight: number
  /** Null: its list of models was never read. */
  modelCount: number | null
  loadedCount: number
  uptime: Uptime
}
export type ServersPage = {
  servers: Server[]
  shelf: MemoryShelf
  /** Gateways that report; without one nothing is known of health. */
  gateways: number
}
/** What is on its disk, with what is said of it where it is in memory. */
export type ServerModel = {
  name: string
  sizeBytes: number | null
  digest: string | null
  modifiedAt: string | null
  loaded: boolean
}
export type ServerPage = {
  server: Server
  shelf: MemoryShelf
  gateways: number
  models: ServerModel[]
  /** When its list of models was read. */
  modelsAtMs: number | null
  /** The newest first, at most 100 of the last 30 days. */
  history: ServerChange[]
  /** The newest first, at most 20. */
  changes: AuditRow[]
  usage: ServerUsage
}
export type ServerChange = BackendEvent & {
  /** When its gateway said something else, or was seen last; null while it holds, or not known. */
  untilMs: number | null
  isCurrent: boolean
}
/** Of the last 24 hours. */
export type ServerUsage = {
  requests: number
  failed: number
  tokens: number
  timeToFirstTokenMsP50: number | null
  tokensPerSecondP50: number | null
}

const partMs = 30 * 60_000
const partsShown = 48
const dayMs = 86_400_000
/** Far enough back to know what held when the strip begins. */
const eventsOfMs = 7 * dayMs
const historyOfMs = 30 * dayMs
const historyMax = 100
const changesMax = 20

export async function readServersPage(context: AdminContext): Promise<ServersPage> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const [backends, view, shelf] = await Promise.all([
    context.database.listBackends(),
    readFleet(context, { sinceMs: context.clock.nowMs() - eventsOfMs }),
    readMemoryShelf(context),
  ])
  const servers = backends.map((backend) => makeServer(backend, view))
  return { servers, shelf, gateways: view.gateways }
}

/** Null where there is none of that id. */
export async function findServerPage(
  context: AdminContext,
  id: string,
): Promise<ServerPage | null> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const backend = (await database.listBackends()).find((one) => one.id === id)
  if (backend === undefined) return null
  const nowMs = clock.nowMs()
  const [view, shelf, changes, [usage]] = await Promise.all([
    readFleet(context, { sinceMs: nowMs - historyOfMs, backendId: id }),
    readMemoryShelf(context),
    database.searchAudit({ targetKind: 'backend', targetId: id, limit: changesMax }),
    database.readUsageBuckets({
      dimensions: ['backend'],
      values: [id],
      stretches: [{ index: 0, fromMs: nowMs - dayMs, untilMs: nowMs + 60_000 }],
      quantiles: true,
    }),
  ])
  const loaded = new Set(
    mergeReports(view.nodes, id)?.loaded.map(({ name }) => normalizeModelName(name)),
  )
  const catalogue = view.catalogue.find((one) => one.backendId === id)
  return {
    server: makeServer(backend, view),
    shelf: { ...shelf, shelves: shelf.shelves.filter((one) => one.serverId === id) },
    gateways: view.gateways,
    models: (catalogue?.models ?? [])
      .map(({ name, sizeBytes, digest, modifiedAt }) => ({
        name,
        sizeBytes,
        digest,
        modifiedAt,
        loaded: loaded.has(normalizeModelName(name)),
      }))
      .sort((a, b) => Number(b.loaded) - Number(a.loaded) || a.name.localeCompare(b.name)),
    modelsAtMs: catalogue?.observedAtMs ?? null,
    history: historyOf(view),
    changes,
    usage: {
      requests: usage?.requests ?? 0,
      failed: usage?.failed ?? 0,
      tokens: (usage?.promptTokens ?? 0) + (usage?.completionTokens ?? 0),
      timeToFirstTokenMsP50: usage?.quantiles?.timeToFirstTokenMs.p50 ?? null,
      tokensPerSecondP50: usage?.quantiles?.tokensPerSecond.p50 ?? null,
    },
  }
}

const testSchema = backendInputSchema
  .pick({ url: true, credential: true })
  .extend({ kind: backendKindSchema, id: z.string().optional() })

/**
 * Tries an address before it is saved. The stored credential of `id` goes along when none is
 * given and the address is still its own: to no other, or a typed address could read it.
 */
export async function testServer(
  context: AdminContext,
  input: { url: string; kind: string; credential?: string | null; id?: string | undefined },
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<BackendCheck> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const { id, kind, url, credential } = parseInput(testSchema, input)
  const { origin, basePath } = parseBackendUrl(url)
  const address = origin + basePath
  const stored = id === undefined ? null : await storedCredential(context, id, address)
  return testBackend({
    name: 'The server',
    url: address,
    kind,
    credential: credential ?? stored,
    clock: context.clock,
    ...options,
  })
}

export type ServerEdit = {
  /** Only what the person changed. */
  change: BackendFields
  /** The same fields as they were when the form was opened. */
  before: Record<string, unknown>
}

/** Throws `admin.changed_meanwhile` where somebody changed one of the same fields since. */
export async function editServer(
  context: AdminContext,
  id: string,
  { change, before }: ServerEdit,
): Promise<Backend> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const { name } = await getBackendById(context, id)
  const { credential: _, ...fields } = backendInputSchema.shape
  const expected = Object.entries(before).filter(([field]) => Object.hasOwn(fields, field))
  return updateBackend(context, name, change, Object.fromEntries(expected))
}

/** Who saved it last, and how it is now: for the second of two who edit the same server. */
export async function lastChangeOf(
  context: AdminContext,
  id: string,
): Promise<{ backend: Backend; by: string; atMs: number | null }> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const backend = await getBackendById(context, id)
  const [row] = await context.database.searchAudit({
    targetKind: 'backend',
    targetId: id,
    limit: 1,
  })
  return { backend, by: row?.actor ?? 'somebody', atMs: row?.atMs ?? null }
}

export async function setServerDraining(
  context: AdminContext,
  id: string,
  draining: boolean,
): Promise<Backend> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const { name } = await getBackendById(context, id)
  return draining ? drainBackend(context, name) : resumeBackend(context, name)
}

export async function setServerEnabled(
  context: AdminContext,
  id: string,
  enabled: boolean,
): Promise<Backend> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const { name } = await getBackendById(context, id)
  return updateBackend(context, name, { enabled })
}

export async function removeServer(context: AdminContext, id: string): Promise<Backend> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const { name } = await getBackendById(context, id)
  return removeBackend(context, name)
}

type Fleet = Awaited<ReturnType<typeof readFleet>>

async function readFleet(
  { database, clock }: AdminContext,
  events: { sinceMs: number; backendId?: string },
) {
  const nowMs = clock.nowMs()
  const [known, found, catalogue] = await Promise.all([
    database.listNodeReports({ seenSinceMs: nowMs - dayMs }),
    database.listBackendEvents(events),
    database.listCatalogue(),
  ])
  const nodes = known.filter((node) => nowMs - node.seenAtMs <= nodeSilentMs)
  const gateways = nodes.filter((node) => node.role !== 'console').length
  return { nowMs, known, nodes, events: found, catalogue, gateways }
}

function makeServer(backend: Backend, view: Fleet): Server {
  const { nowMs, known, nodes, events, catalogue } = view
  const report = mergeReports(nodes, backend.id)
  const health = report?.health ?? 'unknown'
  // Whole parts: between two looks nothing moves but what happened.
  const toMs = Math.floor(nowMs / partMs) * partMs + partMs
  const uptime = uptimeOf({
    backendId: backend.id,
    events,
    nodes: known,
    fromMs: toMs - partsShown * partMs,
    toMs,
    partMs,
    nowMs,
  })
  return {
    ...backend,
    health: backend.enabled ? (backend.draining ? 'draining' : health) : 'disabled',
    sinceMs: report?.sinceMs || null,
    downSinceMs: report?.downSinceMs ?? null,
    lastError: report?.lastError ?? null,
    circuit: report?.circuit ?? 'closed',
    latencyMs: report?.latencyMs ?? null,
    version: report?.version ?? null,
    inFlight: report?.inFlight ?? 0,
    modelCount: catalogue.find((one) => one.backendId === backend.id)?.models.length ?? null,
    loadedCount: report?.loaded.length ?? 0,
    uptime: { ...uptime, upShare: uptime.upShare && Math.round(uptime.upShare * 1e4) / 1e4 },
  }
}

/** One line a change. What a gateway said that is gone holds no longer than it was seen. */
function historyOf({ events, known, nodes }: Fleet): ServerChange[] {
  const next = new Map<string, number>()
  return events
    .toReversed()
    .map((event) => {
      const { nodeId } = event
      const isCurrent = !next.has(nodeId) && nodes.some((node) => node.id === nodeId)
      const seenMs = isCurrent ? null : (known.find((node) => node.id === nodeId)?.seenAtMs ?? null)
      const untilMs = next.get(nodeId) ?? seenMs
      next.set(nodeId, event.atMs)
      return { ...event, untilMs, isCurrent }
    })
    .slice(0, historyMax)
}

async function getBackendById({ database }: AdminContext, id: string): Promise<Backend> {
  const backend = (await database.listBackends()).find((one) => one.id === id)
  if (backend !== undefined) return backend
  throw new CorralError('admin.not_found', { params: { kind: 'backend', name: id } })
}

async function storedCredential(
  { database, sealKey }: AdminContext,
  id: string,
  address: string,
): Promise<string | null> {
  const { backends } = await database.readGatewayConfig()
  const backend = backends.find((one) => one.id === id)
  if (!backend?.sealedCredential || backend.url !== address) return null
  return openSecret(backend.sealedCredential, sealKey)
}
