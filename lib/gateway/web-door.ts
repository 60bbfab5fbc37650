import { CorralError } from '@/lib/core/errors'
import { toReadableStream } from '@/lib/http/byte-source'
import type { GatewayAnswer, GatewayRequest } from './contract'
import { notReady } from './exchange'
import { findTheGateway, hasNoGateway } from './gateway'
import { handle } from './handle'
import { refuse } from './respond-with-error'

/** Set from the socket by whoever mounts this, over what the client sent under the name. */
export const peerHeader = 'x-corral-peer'

/**
 * The gateway for any host that speaks web standards. `peer` is the socket's address: who mounts
 * this must take it from the socket, never from a header a client may set.
 */
export async function handleGatewayRequest(
  request: Request,
  peer: string | null,
): Promise<Response> {
  const gateway = findTheGateway()
  const asked = fromWebRequest(request, peer)
  const answer = gateway ? await handle(asked, gateway) : answerWithout(asked)
  return toWebResponse(answer, request.method)
}

/** While the gateway starts, or for ever where a console is all that there is (L8). */
function answerWithout(asked: GatewayRequest): GatewayAnswer {
  const isLook = asked.method === 'GET' || asked.method === 'HEAD'
  if (isLook && (asked.target === '/healthz' || asked.target === '/up')) {
    const headers = ['Content-Type', 'application/json; charset=utf-8']
    return { status: 200, headers, body: '{"status":"ok"}' }
  }
  return refuse(asked, hasNoGateway() ? new CorralError('http.path_unknown') : notReady())
}

function fromWebRequest(request: Request, peer: string | null): GatewayRequest {
  const url = new URL(request.url)
  const rawHeaders: string[] = []
  for (const [name, value] of request.headers) {
    if (name !== peerHeader) rawHeaders.push(name, value)
  }
  return {
    method: request.method,
    target: url.pathname + url.search,
    httpVersion: '1.1',
    header: (name) => request.headers.get(name),
    rawHeaders,
    peer,
    secure: url.protocol === 'https:',
    // Node's ReadableStream is async iterable; the DOM's type does not say so.
    body: request.body as unknown as AsyncIterable<Uint8Array> | null,
    onGone(listener) {
      if (request.signal.aborted) listener()
      else request.signal.addEventListener('abort', listener, { once: true })
    },
  }
}

function toWebResponse(answer: GatewayAnswer, method: string): Response {
  const headers = new Headers()
  for (let i = 0; i + 1 < answer.headers.length; i += 2) {
    headers.append(answer.headers[i] ?? '', answer.headers[i + 1] ?? '')
  }
  const bodiless =
    method === 'HEAD' || answer.status === 204 || answer.status === 205 || answer.status === 304
  if (bodiless || answer.body === null)
    return new Response(null, { status: answer.status, headers })
  const body =
    typeof answer.body === 'string' || answer.body instanceof Uint8Array
      ? answer.body
      : toReadableStream(answer.body)
  return new Response(body as BodyInit, { status: answer.status, headers })
}
