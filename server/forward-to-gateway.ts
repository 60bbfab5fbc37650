import { type IncomingMessage, request as requestPlain, type ServerResponse } from 'node:http'
import { request as requestTls } from 'node:https'
import { CorralError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { hasPassed, viaHeader } from '@/lib/gateway/check-address'
import { refuseRequest } from '@/lib/gateway/node-door'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { renderCallerHeaders } from '@/lib/http/caller-headers'
import type { NetworkSet } from '@/lib/http/networks'
import { type ForwardedHeaders, forwardRequest, headersToForward } from './forward-request'

/**
 * L8: a console on its own hands a call to the gateway of the setting `publicGatewayUrl`, as it
 * came. The gateway counts us as a proxy: it believes our `X-Forwarded-For` where it trusts us.
 * An address that leads back here is told so (508) in the caller's dialect.
 */
export function forwardToGateway(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { base, trusted }: { base: string; trusted: NetworkSet },
): void {
  const via = incoming.headers[viaHeader]?.toString() ?? null
  if (hasPassed(via, ownName)) {
    refuseRequest(incoming, outgoing, new CorralError('http.loop_detected'))
    return
  }
  const target = new URL(base)
  const request = target.protocol === 'https:' ? requestTls : requestPlain
  const forwarded = request({
    hostname: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port || undefined,
    method: incoming.method,
    path: `${target.pathname.replace(/\/$/, '')}${incoming.url ?? '/'}`,
    headers: {
      ...headersToForward(incoming, trusted),
      ...forwardedFor(incoming, trusted),
      host: target.host,
      [viaHeader]: via === null ? ownName : `${via}, ${ownName}`,
    },
  })
  forwardRequest({ incoming, outgoing }, forwarded, () =>
    refuseRequest(incoming, outgoing, new CorralError('backends.unreachable')),
  )
}

const ownName = `console-${newId()}`

/** Without the headers that speak of the console's own door. */
function forwardedFor(incoming: IncomingMessage, trusted: NetworkSet): ForwardedHeaders {
  const told = Object.entries(renderCallerHeaders(incoming, { trusted, gatewayUrl: '' }))
  const doors: ReadonlySet<string> = new Set(Object.values(callerHeaderNames))
  return Object.fromEntries(told.filter(([name]) => !doors.has(name)))
}
