import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { isCallersOwn, isTrustedPeer, renderCallerHeaders } from '@/lib/http/caller-headers'
import { listConnectionHeaders } from '@/lib/http/forward-headers'
import type { NetworkSet } from '@/lib/http/networks'
import type { ConsoleChild } from './console-child'

/**
 * Hands a request to the console's process. `X-Forwarded-*` of a socket that is no trusted proxy
 * is removed, so that the console may believe what it reads there; what speaks of the client's
 * connection stays here, but that a body comes in chunks.
 */
export function forwardToConsole(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: { consoleChild: ConsoleChild; trusted: NetworkSet; gatewayUrl: string },
): void {
  const socketPath = options.consoleChild.address()
  if (socketPath === null) {
    sayStarting(outgoing)
    return
  }
  const forwarded = request({
    socketPath,
    method: incoming.method,
    path: incoming.url,
    headers: headersFor(incoming, options),
  })
  forwarded.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(outgoing)
    answer.on('error', () => outgoing.destroy())
  })
  forwarded.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy()
    else sayStarting(outgoing)
  })
  outgoing.on('close', () => forwarded.destroy())
  // What the console left unread is read here: a connection that nobody reads stays open for ever.
  outgoing.once('finish', () => {
    incoming.unpipe(forwarded)
    incoming.resume()
  })
  incoming.pipe(forwarded)
}

function headersFor(
  incoming: IncomingMessage,
  { trusted, gatewayUrl }: { trusted: NetworkSet; gatewayUrl: string },
): Record<string, string | string[]> {
  const believed = isTrustedPeer(incoming, trusted)
  const headers: Record<string, string | string[]> = {}
  const stays = listConnectionHeaders(incoming.rawHeaders)
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name === 'expect') continue
    if (stays.has(name) && name !== 'content-length') continue
    if (isCallersOwn(name, believed)) headers[name] = value
  }
  // Without either Node sends the body of a DELETE unframed, as if it were the next request.
  if (incoming.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked'
  return { ...headers, ...renderCallerHeaders(incoming, { trusted, gatewayUrl }) }
}

function sayStarting(outgoing: ServerResponse): void {
  outgoing.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2' })
  outgoing.end('The console is starting. Try again in a moment.\n')
}
