import type { BackendReport, NodeReport } from '@/lib/db/contract'
import type { AdminContext } from './actor'
import { assertAllowed, canReadEverything } from './permissions'

/** Nodes report once a second; one that was silent for this long is gone. */
export const nodeSilentMs = 10_000

export type BackendHealth = Omit<BackendReport, 'id' | 'loaded'> & {
  name: string
  url: string
  loaded: string[]
}
export type FleetHealth = {
  /** `unhealthy`: no gateway runs, or none of the backends can be used. */
  status: 'ok' | 'degraded' | 'unhealthy'
  problem: string | null
  nodes: Omit<NodeReport, 'backends'>[]
  backends: BackendHealth[]
}

/** What the gateways that run say about themselves and about the backends. */
export async function fleetHealth(context: AdminContext): Promise<FleetHealth> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const reports = await database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs })
  const configured = await database.listBackends()
  const backends = configured.map(({ id, name, url, enabled, draining }) => {
    const merged = mergeReports(reports, id)
    const { loaded, id: _, ...report } = merged ?? unknownBackend(id)
    const health = enabled ? (draining ? 'draining' : report.health) : 'disabled'
    return { name, url, ...report, health, loaded: loaded.map((model) => model.name) } as const
  })
  const nodes = reports.map(({ backends: _, ...node }) => node)
  return { ...judge(nodes.length, backends), nodes, backends }
}

/**
 * One report of several nodes: the numbers of the freshest, requests in flight added up, and the
 * worst health, since a backend that one gateway cannot reach is a problem. Null: none knows it.
 */
export function mergeReports(
  nodes: readonly NodeReport[],
  backendId: string,
): BackendReport | null {
  const known = nodes
    .toSorted((a, b) => b.seenAtMs - a.seenAtMs)
    .flatMap((node) => node.backends.filter((backend) => backend.id === backendId))
  const [freshest] = known
  if (freshest === undefined) return null
  const worst = known.toSorted((a, b) => healthRank[b.health] - healthRank[a.health])[0] ?? freshest
  const inFlight = known.reduce((sum, backend) => sum + backend.inFlight, 0)
  return { ...worst, loaded: freshest.loaded, inFlight }
}

const healthRank: Record<BackendReport['health'], number> = {
  unknown: 0,
  healthy: 1,
  degraded: 2,
  draining: 3,
  disabled: 4,
  unhealthy: 5,
}

function unknownBackend(id: string): BackendReport {
  return {
    id,
    health: 'unknown',
    sinceMs: 0,
    downSinceMs: null,
    downtimeTotalMs: 0,
    latencyMs: null,
    lastError: null,
    version: null,
    inFlight: 0,
    circuit: 'closed',
    loaded: [],
  }
}

function judge(
  nodeCount: number,
  backends: readonly BackendHealth[],
): Pick<FleetHealth, 'status' | 'problem'> {
  if (nodeCount === 0) {
    const problem = `No running Corral has reported in the last ${nodeSilentMs / 1000} s.`
    return { status: 'unhealthy', problem }
  }
  const wanted = backends.filter((one) => one.health !== 'disabled' && one.health !== 'draining')
  const usable = wanted.filter((one) => one.health === 'healthy' || one.health === 'degraded')
  if (usable.length === 0) return { status: 'unhealthy', problem: 'No backend can be used.' }
  const well = wanted.filter((one) => one.health === 'healthy' && one.circuit === 'closed')
  if (well.length === wanted.length) return { status: 'ok', problem: null }
  const names = wanted.filter((one) => !well.includes(one)).map((one) => one.name)
  return { status: 'degraded', problem: `Not well: ${names.join(', ')}.` }
}
