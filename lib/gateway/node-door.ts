import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CorralError } from '@/lib/core/errors'
import type { ByteSource } from '@/lib/http/byte-source'
import type { GatewayAnswer, GatewayRequest } from './contract'
import type { Gateway } from './gateway'
import { handle } from './handle'
import { refuse } from './respond-with-error'

/** The gateway on node:http itself: a chunk goes from socket to socket in one call. */
export async function serveGatewayRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  gateway: Gateway,
): Promise<void> {
  const answer = await handle(fromNodeRequest(incoming, outgoing), gateway)
  writeAnswer(answer, incoming, outgoing)
}

/** For who has no gateway to ask: the error in the caller's dialect. */
export function refuseRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  error: CorralError,
): void {
  writeAnswer(refuse(fromNodeRequest(incoming, outgoing), error), incoming, outgoing)
}

function fromNodeRequest(incoming: IncomingMessage, outgoing: ServerResponse): GatewayRequest {
  return {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    httpVersion: incoming.httpVersion,
    header(name) {
      const value = incoming.headers[name]
      return typeof value === 'string' ? value : (value?.join(', ') ?? null)
    },
    rawHeaders: incoming.rawHeaders,
    peer: incoming.socket.remoteAddress ?? null,
    secure: 'encrypted' in incoming.socket,
    body: hasBody(incoming) ? incoming : null,
    onGone(listener) {
      outgoing.once('close', () => {
        if (!outgoing.writableFinished) listener()
      })
    },
  }
}

function hasBody(incoming: IncomingMessage): boolean {
  const length = incoming.headers['content-length']
  return (
    incoming.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
  )
}

function writeAnswer(
  answer: GatewayAnswer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const { body } = answer
  if (outgoing.destroyed) {
    if (isSource(body)) body.cancel(new Error('the client left'))
    return
  }
  // A body that was left in the middle is read to its end, or the answer would be lost in a reset.
  if (!incoming.complete) outgoing.once('finish', () => discard(incoming))
  outgoing.writeHead(answer.status, answer.headers)
  if (!isSource(body)) {
    outgoing.end(body ?? undefined)
    return
  }
  pump(body, outgoing)
}

/** A listener, not `resume` alone: who still reads would pause it again on leaving. */
function discard(incoming: IncomingMessage): void {
  incoming.on('data', () => {})
  incoming.resume()
}

function pump(source: ByteSource, outgoing: ServerResponse): void {
  // Headers go out with the first chunk, in one packet, unless it lets us wait.
  outgoing.on('drain', () => source.resume())
  source.start({
    chunk: (bytes) => outgoing.write(bytes),
    end: () => outgoing.end(),
    fail: (error) => outgoing.destroy(error),
  })
  if (!outgoing.writableEnded && !outgoing.destroyed) outgoing.flushHeaders()
}

function isSource(body: GatewayAnswer['body']): body is ByteSource {
  return body !== null && typeof body === 'object' && 'start' in body
}
