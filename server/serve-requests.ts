import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Env } from '@/lib/core/env'
import { log } from '@/lib/core/log'
import type { Gateway } from '@/lib/gateway/gateway'
import { isGatewayPath } from '@/lib/gateway/gateway-paths'
import { refuseNotReady, serveGatewayRequest } from '@/lib/gateway/node-door'
import { compileNetworks } from '@/lib/http/networks'
import { normalizePath } from '@/lib/http/normalize-path'
import type { ConsoleChild } from './console-child'
import { forwardToConsole } from './forward-to-console'

/**
 * A request may take as long as its setting says, but its headers come before any key is read:
 * a minute is enough for them. Node takes that minute away where `requestTimeout` alone is 0.
 */
export const serverOptions = {
  requestTimeout: 0,
  headersTimeout: 60_000,
  keepAliveTimeout: 65_000,
  /** How often Node looks whether a request is late. */
  connectionsCheckingInterval: 5000,
} as const

export type Door = {
  /** Until then every request is told to come back. */
  open(gateway: Gateway, consoleChild: ConsoleChild): void
  /** Stops accepting and waits for running answers, `milliseconds` at most. */
  close(milliseconds: number): Promise<void>
}

/** Chooses by the normalised path: the gateway here, everything else in the console's process. */
export function serveRequests(server: Server, env: Pick<Env, 'trustedProxies'>): Door {
  const trusted = compileNetworks(env.trustedProxies)
  let gateway: Gateway | null = null
  let consoleChild: ConsoleChild | null = null
  let following: NodeJS.Timeout | undefined

  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!gateway || !consoleChild) {
      refuseNotReady(incoming, outgoing)
      return
    }
    if (gateway.stopping) outgoing.shouldKeepAlive = false
    if (!belongsToGateway(incoming.url ?? '/')) {
      forwardToConsole(incoming, outgoing, { consoleChild, trusted })
      return
    }
    serveGatewayRequest(incoming, outgoing, gateway).catch((error) => {
      log.error({ err: error }, 'a request failed outside its pipeline')
      outgoing.destroy()
    })
  })

  return {
    open(theGateway, theConsole) {
      gateway = theGateway
      consoleChild = theConsole
      following = setInterval(() => followSettings(server, theGateway), followEveryMs).unref()
    },
    close(milliseconds) {
      clearInterval(following)
      return closeServer(server, milliseconds)
    },
  }
}

/** What cannot be read is the gateway's too: it answers in words. */
function belongsToGateway(target: string): boolean {
  try {
    return isGatewayPath(normalizePath(target).path)
  } catch {
    return true
  }
}

const followEveryMs = 500

/**
 * Node looks at these values each time it checks its connections. It leaves a `requestTimeout`
 * below `headersTimeout` out of account, so the head gets no more than the whole.
 */
function followSettings(server: Server, gateway: Gateway): void {
  const settings = gateway.snapshot?.settings
  if (!settings) return
  const { requestTimeoutMs, requestHeadTimeoutMs } = settings
  server.requestTimeout = requestTimeoutMs
  server.headersTimeout =
    requestTimeoutMs > 0 ? Math.min(requestHeadTimeoutMs, requestTimeoutMs) : requestHeadTimeoutMs
}

function closeServer(server: Server, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), milliseconds)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}
