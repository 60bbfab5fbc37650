import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { renderCallerHeaders } from '@/lib/http/caller-headers'
import type { NetworkSet } from '@/lib/http/networks'
import type { ConsoleChild } from './console-child'
import { forwardRequest, headersToForward } from './forward-request'

/** Hands a request to the console's process, over its own socket. */
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
    headers: {
      ...headersToForward(incoming, options.trusted),
      ...renderCallerHeaders(incoming, options),
    },
  })
  forwardRequest({ incoming, outgoing }, forwarded, () => sayStarting(outgoing))
}

function sayStarting(outgoing: ServerResponse): void {
  outgoing.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2' })
  outgoing.end('The console is starting. Try again in a moment.\n')
}
