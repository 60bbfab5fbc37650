import { type IncomingMessage, request as requestPlain, type ServerResponse } from 'node:http'
import { request as requestTls } from 'node:https'
import { publicErrorText } from '@/lib/core/errors'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { isCallersOwn, isTrustedPeer, renderCallerHeaders } from '@/lib/http/caller-headers'
import { listConnectionHeaders } from '@/lib/http/forward-headers'
import type { NetworkSet } from '@/lib/http/networks'

/**
 * L8: a console on its own hands a call to the gateway of the setting `publicGatewayUrl`, as it
 * came. The gateway counts us as a proxy: it believes our `X-Forwarded-For` where it trusts us.
 */
export function forwardToGateway(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { base, trusted }: { base: string; trusted: NetworkSet },
): void {
  const target = new URL(base)
  const request = target.protocol === 'https:' ? requestTls : requestPlain
  const forwarded = request({
    hostname: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port || undefined,
    method: incoming.method,
    path: `${target.pathname.replace(/\/$/, '')}${incoming.url ?? '/'}`,
    headers: { ...headersFor(incoming, trusted), host: target.host },
  })
  forwarded.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    outgoing.flushHeaders()
    answer.pipe(outgoing)
    answer.on('error', () => outgoing.destroy())
  })
  forwarded.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy()
    else sayUnreachable(outgoing)
  })
  outgoing.on('close', () => forwarded.destroy())
  outgoing.once('finish', () => {
    incoming.unpipe(forwarded)
    incoming.resume()
  })
  incoming.pipe(forwarded)
}

function headersFor(
  incoming: IncomingMessage,
  trusted: NetworkSet,
): Record<string, string | string[]> {
  const believed = isTrustedPeer(incoming, trusted)
  const stays = listConnectionHeaders(incoming.rawHeaders)
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name === 'expect') continue
    if (stays.has(name) && name !== 'content-length') continue
    if (isCallersOwn(name, believed)) headers[name] = value
  }
  if (incoming.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked'
  const told = Object.entries(renderCallerHeaders(incoming, { trusted, gatewayUrl: '' }))
  const doors: ReadonlySet<string> = new Set(Object.values(callerHeaderNames))
  return { ...headers, ...Object.fromEntries(told.filter(([name]) => !doors.has(name))) }
}

function sayUnreachable(outgoing: ServerResponse): void {
  const body = JSON.stringify({ error: publicErrorText('backends.unreachable') })
  outgoing.writeHead(502, { 'Content-Type': 'application/json; charset=utf-8' })
  outgoing.end(body)
}
