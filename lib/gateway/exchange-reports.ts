import type { ExchangeReport } from '@/lib/db/contract'
import type { Exchange } from './contract'
import type { Gateway } from './gateway'

const reportedMax = 100

/** What the console shows of requests in flight: the oldest, since they are what one looks for. */
export function exchangeReports(gateway: Gateway): ExchangeReport[] {
  const reports: ExchangeReport[] = []
  for (const exchange of gateway.exchanges) {
    if (reports.length === reportedMax) break
    reports.push(reportOf(exchange))
  }
  return reports
}

function reportOf(exchange: Exchange): ExchangeReport {
  const { principal, route, operation } = exchange
  const key = principal?.kind === 'key' ? principal : null
  const backend = route?.selection.candidates[route.chosenIndex]?.backend
  return {
    id: exchange.id,
    startedAtMs: exchange.startedAtMs,
    keyId: key?.keyId ?? null,
    keyName: key?.keyName ?? null,
    keyPrefix: key?.keyPrefix ?? null,
    userId: key?.ownerId ?? null,
    principal: principal?.kind === 'anonymous' ? 'anonymous' : (key?.ownerName ?? null),
    model: route?.modelServed ?? exchange.model,
    backendName: backend?.name ?? null,
    operation: operation?.name ?? null,
    dialect: operation?.dialect ?? null,
    state: stateOf(exchange),
    bytesOut: exchange.bytesOut,
  }
}

function stateOf({ answeredMs, attempts }: Exchange): ExchangeReport['state'] {
  if (answeredMs !== null) return 'streaming'
  return attempts > 0 ? 'dialling' : 'queued'
}
