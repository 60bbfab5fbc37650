import { clientAddress } from '@/lib/http/client-address'
import { checkAddressRules } from '@/lib/limits/address-rules'
import { ownHeaders } from './answer-headers'
import type { Exchange, GatewayAnswer } from './contract'
import { answerPreflight, checkOrigin, isPreflight } from './cors'
import { healthReport, mayReadDetails, readiness, testReport } from './health-report'

/**
 * What is no exchange: preflights, the heartbeat at `/` and the health paths. None needs a key,
 * none is recorded. Null for every other request.
 */
export function answerAside(exchange: Exchange): GatewayAnswer | Promise<GatewayAnswer> | null {
  const { request, path } = exchange
  if (isPreflight(request)) {
    const origin = checkOrigin(request, exchange.snapshot.origins)
    if (origin.kind !== 'allowed') return null
    return answerPreflight(origin.origin, exchange.snapshot.settings.labelHeader)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return null
  if (path === '/healthz' || path === '/up') return json(exchange, 200, { status: 'ok' })
  if (path === '/readyz') return json(exchange, ...readiness(exchange.gateway))
  if (path === '/') return text(exchange, 'Ollama is running')
  if (path === '/health' || path === '/api/v1/health')
    return answerWithDetails(exchange, healthReport)
  if (path === '/test') return answerWithDetails(exchange, testReport)
  return null
}

/** The paths of this file, whatever the method. */
export const asidePaths: ReadonlySet<string> = new Set([
  '/',
  '/health',
  '/api/v1/health',
  '/healthz',
  '/up',
  '/readyz',
  '/test',
])

type Report = (exchange: Exchange, details: boolean) => [status: number, body: object]

/** Names of servers are for those whom the address rules and the setting let read them. */
async function answerWithDetails(exchange: Exchange, report: Report): Promise<GatewayAnswer> {
  exchange.address = clientAddress({
    peer: exchange.request.peer,
    forwardedFor: exchange.request.header('x-forwarded-for'),
    trusted: exchange.gateway.trustedProxies,
  })
  checkAddressRules(exchange.snapshot.addressRules, exchange.address)
  return json(exchange, ...report(exchange, await mayReadDetails(exchange)))
}

function text(exchange: Exchange, body: string): GatewayAnswer {
  return answer(exchange, 200, 'text/plain; charset=utf-8', body)
}

function json(exchange: Exchange, status: number, body: object): GatewayAnswer {
  return answer(exchange, status, 'application/json; charset=utf-8', JSON.stringify(body))
}

function answer(
  exchange: Exchange,
  status: number,
  contentType: string,
  body: string,
): GatewayAnswer {
  return {
    status,
    headers: [
      'Content-Type',
      contentType,
      'Content-Length',
      String(Buffer.byteLength(body)),
      ...ownHeaders(exchange),
    ],
    body: exchange.request.method === 'HEAD' ? null : body,
  }
}
