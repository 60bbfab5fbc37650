import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import { isCallersOwn, isTrustedPeer } from '@/lib/http/caller-headers'
import { listConnectionHeaders } from '@/lib/http/forward-headers'
import type { NetworkSet } from '@/lib/http/networks'

/**
 * Bodies flow both ways untouched, and whoever leaves takes the other side along.
 * `sayUnreachable` answers when the other side ends before its first byte.
 */
export function forwardRequest(
  { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
  forwarded: ClientRequest,
  sayUnreachable: () => void,
): void {
  forwarded.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    outgoing.flushHeaders()
    answer.pipe(outgoing)
    answer.on('error', () => outgoing.destroy())
  })
  forwarded.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy()
    else sayUnreachable()
  })
  outgoing.on('close', () => forwarded.destroy())
  // What the other side left unread is read here: a connection that nobody reads never closes.
  outgoing.once('finish', () => {
    incoming.unpipe(forwarded)
    incoming.resume()
  })
  incoming.pipe(forwarded)
}

export type ForwardedHeaders = Record<string, string | string[]>

/**
 * `X-Forwarded-*` of a socket that is no trusted proxy is removed, so that the other side may
 * believe what it reads there; what speaks of the client's connection stays here, but that a body
 * comes in chunks.
 */
export function headersToForward(incoming: IncomingMessage, trusted: NetworkSet): ForwardedHeaders {
  const believed = isTrustedPeer(incoming, trusted)
  const stays = listConnectionHeaders(incoming.rawHeaders)
  const headers: ForwardedHeaders = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name === 'expect') continue
    if (stays.has(name) && name !== 'content-length') continue
    if (isCallersOwn(name, believed)) headers[name] = value
  }
  // Without either Node sends the body of a DELETE unframed, as if it were the next request.
  if (incoming.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked'
  return headers
}
