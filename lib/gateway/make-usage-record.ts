import { maskSecrets } from '@/lib/core/mask-secrets'
import type { Observation } from '@/lib/dialects/observe'
import { renderRouteDecision } from '@/lib/routing/explain'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import type { Ending, Exchange } from './contract'

/** H1: what is kept of an exchange. Times are rounded to a tenth of a millisecond. */
export function makeUsageRecord(exchange: Exchange, ending: Ending): UsageRecord {
  const { principal, route, request, call } = exchange
  const observation = 'observation' in ending ? ending.observation : null
  const totalMs = exchange.clock.monotonicMs() - exchange.startedMs
  const firstMs = exchange.firstTokenMs === null ? null : exchange.firstTokenMs - exchange.startedMs
  const backend = route?.selection.candidates[route.chosenIndex]?.backend ?? null
  const key = principal?.kind === 'key' ? principal : exchange.refusedKey
  const { status, errorCode, errorText } = endingFields(ending)
  const times = timeFields(exchange, observation, { totalMs, firstMs })
  return {
    id: exchange.id,
    startedAtMs: exchange.startedAtMs,
    nodeId: exchange.gateway.nodeId,
    keyId: key?.keyId ?? null,
    keyPrefix: key?.keyPrefix ?? null,
    userId: key?.ownerId ?? null,
    principal: principal?.kind === 'anonymous' ? 'anonymous' : (key?.ownerName ?? null),
    frontend: exchange.frontend?.name ?? null,
    backendId: backend?.id ?? null,
    backendName: backend?.name ?? null,
    modelAsked: masked(exchange.model),
    modelServed: route?.modelServed ?? null,
    modelDigest: route?.modelDigest ?? null,
    modelWasLoaded: route?.modelWasLoaded ?? null,
    dialect: exchange.operation?.dialect ?? null,
    operation: exchange.operation?.name ?? null,
    stream: call?.stream ?? null,
    status,
    errorCode,
    errorText,
    finishReason: observation?.finishReason ?? null,
    promptTokens: observation?.promptTokens ?? null,
    completionTokens: observation?.completionTokens ?? null,
    tokensEstimated: observation?.estimated ?? false,
    queueMs: times.queueMs,
    loadMs: times.loadMs,
    prefillMs: times.prefillMs,
    decodeMs: times.decodeMs,
    totalMs: times.totalMs,
    timeToFirstTokenMs: times.timeToFirstTokenMs,
    tokensPerSecond: times.tokensPerSecond,
    overheadMs: exchange.answeredMs === null ? null : tenth(overheadMs(exchange)),
    attempts: exchange.attempts,
    bytesIn: exchange.bytesIn,
    bytesOut: exchange.bytesOut,
    clientAddress: exchange.address,
    userAgent: masked(request.header('user-agent')),
    method: request.method,
    path: maskSecrets(exchange.path),
    routeDecision: route ? renderRouteDecision(route.selection, route.chosenIndex) : null,
    numCtx: call?.numCtx ?? null,
    keepAlive: call?.keepAlive ?? null,
  }
}

/** Time spent here and not in waiting for backends, until the answer's head was ready. */
export function overheadMs(exchange: Exchange): number {
  const until = exchange.answeredMs ?? exchange.clock.monotonicMs()
  return Math.max(0, until - exchange.startedMs - exchange.upstreamMs)
}

function endingFields(ending: Ending): Pick<UsageRecord, 'status' | 'errorCode' | 'errorText'> {
  switch (ending.kind) {
    case 'completed':
      return {
        status: ending.status,
        errorCode: ending.status >= 400 ? 'backends.refused' : null,
        errorText: masked(ending.observation?.upstreamErrorText ?? null),
      }
    case 'left':
      return { status: 499, errorCode: 'gateway.client_left', errorText: null }
    case 'stopped':
      return { status: 503, errorCode: 'gateway.stopped', errorText: ending.errorText }
    case 'broken':
      return { status: 502, errorCode: ending.code, errorText: masked(ending.errorText) }
    case 'refused':
      return {
        status: ending.status,
        errorCode: ending.code,
        errorText: masked(ending.errorText),
      }
  }
}

type Times = Pick<
  UsageRecord,
  | 'queueMs'
  | 'loadMs'
  | 'prefillMs'
  | 'decodeMs'
  | 'totalMs'
  | 'timeToFirstTokenMs'
  | 'tokensPerSecond'
>

function timeFields(
  exchange: Exchange,
  observation: Observation | null,
  { totalMs, firstMs }: { totalMs: number; firstMs: number | null },
): Times {
  const { loadMs = null, prefillMs = null, decodeMs = null } = observation ?? {}
  const speedMs = decodeMs ?? (firstMs === null ? null : totalMs - firstMs)
  const tokens = observation?.completionTokens ?? null
  return {
    // Nobody queues here; what a server does not account for is the wait for a slot of its own.
    queueMs:
      decodeMs === null || prefillMs === null
        ? null
        : tenth(Math.max(0, totalMs - overheadMs(exchange) - (loadMs ?? 0) - prefillMs - decodeMs)),
    loadMs: loadMs === null ? null : tenth(loadMs),
    prefillMs: prefillMs === null ? null : tenth(prefillMs),
    decodeMs: decodeMs === null ? null : tenth(decodeMs),
    totalMs: tenth(totalMs),
    timeToFirstTokenMs: firstMs === null ? null : tenth(firstMs),
    tokensPerSecond:
      tokens === null || speedMs === null || speedMs <= 0 ? null : tenth((tokens * 1000) / speedMs),
  }
}

/** A key that was sent in a wrong place is still a key. */
function masked(text: string | null): string | null {
  return text === null ? null : maskSecrets(text)
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}
