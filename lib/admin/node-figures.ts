import type { BackendHealthState, BackendReport, ExchangeReport } from '@/lib/db/contract'
import type { AdminContext } from './actor'
import { mergeReports, nodeSilentMs } from './fleet-health'
import { canReadEverything, canReadUser, canStopRequestOf } from './permissions'

/** One server as the strip of the overview shows it. */
export type ServerFigure = {
  id: string
  name: string
  health: BackendHealthState
  sinceMs: number | null
  downSinceMs: number | null
  lastError: string | null
  circuit: BackendReport['circuit']
  latencyMs: number | null
  /** Slots in use, of how many. */
  inFlight: number
  maxParallel: number
  loaded: { name: string; sizeBytes: number; cpuShare: number }[]
  loadedBytes: number
  /** What an operator said that it has; null when nobody did. */
  memoryBytes: number | null
}

export type InFlight = {
  /** All that the reader may know of; more than are listed, where nodes list only their oldest. */
  count: number
  exchanges: (ExchangeReport & { mayStop: boolean })[]
}

const exchangesMax = 100

export async function serversStrip(context: AdminContext): Promise<ServerFigure[]> {
  const { database, clock } = context
  const [nodes, backends] = await Promise.all([
    database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs }),
    database.listBackends(),
  ])
  return backends.map((backend) => {
    const report = mergeReports(nodes, backend.id)
    const known = report?.health ?? 'unknown'
    const loaded = (report?.loaded ?? []).map((model) => ({
      name: model.name,
      sizeBytes: model.sizeBytes,
      cpuShare: cpuShareOf(model),
    }))
    return {
      id: backend.id,
      name: backend.name,
      health: backend.enabled ? (backend.draining ? 'draining' : known) : 'disabled',
      sinceMs: report?.sinceMs || null,
      downSinceMs: report?.downSinceMs ?? null,
      lastError: report?.lastError ?? null,
      circuit: report?.circuit ?? 'closed',
      latencyMs: report?.latencyMs ?? null,
      inFlight: report?.inFlight ?? 0,
      maxParallel: backend.maxParallel,
      loaded,
      loadedBytes: loaded.reduce((sum, model) => sum + model.sizeBytes, 0),
      memoryBytes: backend.maxMemoryGb === null ? null : backend.maxMemoryGb * 1e9,
    }
  })
}

/** What nodes say is on its way, the oldest first; a member reads their own. */
export async function listInFlight(context: AdminContext): Promise<InFlight> {
  const { actor, database, clock } = context
  const nodes = await database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs })
  const exchanges = nodes
    .flatMap((node) => node.exchanges ?? [])
    .filter((one) => canReadEverything(actor) || (one.userId && canReadUser(actor, one.userId)))
    .sort((a, b) => a.startedAtMs - b.startedAtMs)
  const count = canReadEverything(actor)
    ? nodes.reduce((sum, node) => sum + node.inFlight, 0)
    : exchanges.length
  return {
    count: Math.max(count, exchanges.length),
    exchanges: exchanges
      .slice(0, exchangesMax)
      .map((one) => ({ ...one, mayStop: canStopRequestOf(actor, one.userId) })),
  }
}

function cpuShareOf({ sizeBytes, sizeVramBytes }: BackendReport['loaded'][number]): number {
  return sizeBytes > 0 ? Math.min(1, Math.max(0, 1 - sizeVramBytes / sizeBytes)) : 0
}
