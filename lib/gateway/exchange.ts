import { CorralError } from '@/lib/core/errors'
import { newRequestId } from '@/lib/core/ids'
import { LinkedList } from '@/lib/core/linked-list'
import type { Exchange, GatewayRequest } from './contract'
import type { Gateway } from './gateway'

/** Opens the record of one request; the body stays unread. Refused before the first snapshot. */
export function beginExchange(
  request: GatewayRequest,
  gateway: Gateway,
): Exchange | { refusal: CorralError } {
  const { snapshot, clock } = gateway
  if (!snapshot) return { refusal: notReady() }
  const startedAtMs = clock.nowMs()
  const exchange: Exchange = {
    id: newRequestId(startedAtMs),
    gateway,
    snapshot,
    request,
    clock,
    startedAtMs,
    startedMs: clock.monotonicMs(),
    path: '',
    query: '',
    pathKey: null,
    pathFrontend: null,
    operation: null,
    parameter: null,
    address: null,
    principal: null,
    refusedKey: null,
    frontend: null,
    body: null,
    call: null,
    model: null,
    bytesIn: 0,
    uploadRefusal: null,
    bytesOut: 0,
    route: null,
    attempts: 0,
    upstreamMs: 0,
    answeredMs: null,
    firstTokenMs: null,
    gone: false,
    stopped: false,
    whenGone: new LinkedList(),
    capture: null,
    releases: [],
    seen: null,
    settled: false,
  }
  request.onGone(() => markGone(exchange))
  return exchange
}

export function notReady(): CorralError {
  return new CorralError('gateway.not_ready', { retryAfterS: 1 })
}

function markGone(exchange: Exchange): void {
  exchange.gone = true
  tellListeners(exchange)
}

/** Ends a request as a person asks, in whatever phase it is; its client reads why. */
export function stopExchange(exchange: Exchange): void {
  if (exchange.gone || exchange.stopped || exchange.settled) return
  exchange.stopped = true
  tellListeners(exchange)
}

function tellListeners({ whenGone }: Exchange): void {
  for (const listener of whenGone.takeAll()) listener()
}

/**
 * Runs the listener when the client leaves or the request is stopped, at once if that was before;
 * the result takes it back.
 */
export function whenGone(exchange: Exchange, listener: () => void): () => void {
  if (exchange.gone || exchange.stopped) {
    listener()
    return () => {}
  }
  const entry = exchange.whenGone.add(listener)
  return () => entry.remove()
}
