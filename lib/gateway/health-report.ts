import { readCredential } from '@/lib/auth/read-credential'
import { isCorralError } from '@/lib/core/errors'
import type { BackendReport } from '@/lib/db/contract'
import { entryName } from '@/lib/dialects/render-catalogue'
import { contains } from '@/lib/http/networks'
import { knownModels } from './answer-from-catalogue'
import type { Exchange } from './contract'
import type { Gateway } from './gateway'

type Answer = [status: number, body: object]
type Reported = { view: ReturnType<Gateway['fleet']['views']>[number]; report: BackendReport }

/** E2 `GET /health`: 503 when no backend is healthy; names only where `details` may be read. */
export function healthReport(exchange: Exchange, details: boolean): Answer {
  const all = reported(exchange.gateway)
  const status = overallStatus(all)
  const body = {
    status,
    timestamp: new Date(exchange.startedAtMs).toISOString(),
    ...(details && {
      servers: describeBackends(all.filter(({ view }) => view.kind === 'ollama')),
      external_hosts: describeBackends(all.filter(({ view }) => view.kind !== 'ollama')),
    }),
  }
  return [status === 'unhealthy' ? 503 : 200, body]
}

/** E2 `GET /test`: the first backend by priority, and the union of models. */
export function testReport(exchange: Exchange, details: boolean): Answer {
  const all = reported(exchange.gateway)
  const first = all
    .filter(({ view }) => view.kind === 'ollama')
    .sort((one, other) => one.view.priority - other.view.priority)[0]
  const status = overallStatus(all)
  const backend = first && exchange.gateway.fleet.find(first.view.id)
  const body = {
    status,
    ...(details && { ollama_host: backend?.url ?? null }),
    ollama_reachable: first !== undefined && isUsable(first),
    ...(details && {
      models: knownModels(exchange.gateway.fleet).map(entryName),
    }),
  }
  return [status === 'unhealthy' ? 503 : 200, body]
}

/**
 * E2 `GET /readyz`: 503 before the first configuration, without a usable backend, or while
 * stopping. A lost database is 200 with its name: inference goes on.
 */
export function readiness(gateway: Gateway): Answer {
  if (gateway.stopping) return [503, { status: 'unhealthy', reason: 'stopping' }]
  const usable = reported(gateway).some(isUsable)
  if (!usable) return [503, { status: 'unhealthy', reason: 'no usable backend' }]
  if (gateway.databaseLost) return [200, { status: 'degraded', degraded: ['database'] }]
  return [200, { status: 'ok' }]
}

/** Everyone, or trusted networks and callers with a key that works. */
export async function mayReadDetails(exchange: Exchange): Promise<boolean> {
  const { snapshot, gateway, request } = exchange
  if (snapshot.settings.healthDetails === 'everyone') return true
  if (exchange.address !== null && contains(snapshot.trustedNetworks, exchange.address)) return true
  const credential = readCredential({
    pathKey: exchange.pathKey,
    authorization: request.header('authorization'),
    xApiKey: request.header('x-api-key'),
  })
  if (!credential) return false
  try {
    await gateway.authenticator.authenticate(credential)
    return true
  } catch (error) {
    if (isCorralError(error)) return false
    throw error
  }
}

function reported(gateway: Gateway): Reported[] {
  const reports = new Map(gateway.fleet.reports().map((report) => [report.id, report]))
  return gateway.fleet.views().flatMap((view) => {
    const report = reports.get(view.id)
    return report && report.health !== 'disabled' ? [{ view, report }] : []
  })
}

function isUsable({ report }: Reported): boolean {
  return report.health === 'healthy' || report.health === 'degraded'
}

function overallStatus(all: Reported[]): 'ok' | 'degraded' | 'unhealthy' {
  if (!all.some(isUsable)) return 'unhealthy'
  const wellOrMeant = all.every(
    ({ report }) => report.health === 'healthy' || report.health === 'draining',
  )
  return wellOrMeant ? 'ok' : 'degraded'
}

function describeBackends(all: Reported[]): Record<string, object> {
  return Object.fromEntries(
    all.map(({ view, report }) => [
      view.name,
      {
        status: report.health,
        response_time_ms: report.latencyMs === null ? null : Math.round(report.latencyMs),
        priority: view.priority,
        max_memory_gb: view.maxMemoryGb,
        since: new Date(report.sinceMs).toISOString(),
        in_flight: report.inFlight,
        ...(report.lastError !== null &&
          !isUsable({ view, report }) && { error: report.lastError }),
      },
    ]),
  )
}
