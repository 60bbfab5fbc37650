import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Env } from '@/lib/core/env'
import { publicErrorText } from '@/lib/core/errors'
import { log } from '@/lib/core/log'
import { notReady } from '@/lib/gateway/exchange'
import type { Gateway } from '@/lib/gateway/gateway'
import { isGatewayPath } from '@/lib/gateway/gateway-paths'
import { refuseRequest, serveGatewayRequest } from '@/lib/gateway/node-door'
import { compileNetworks, type NetworkSet } from '@/lib/http/networks'
import { normalizePath } from '@/lib/http/normalize-path'
import type { ConsoleChild } from './console-child'
import { followSettings } from './follow-settings'
import { forwardToConsole } from './forward-to-console'
import { forwardToGateway } from './forward-to-gateway'

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

/** What follows the configuration: the setting of the moment. */
export type ConsoleSettings = { gatewayUrl(): string }

export type Door = {
  /**
   * Until then every request but that for the process's life is told to come back. A role without
   * a gateway or without a console answers 404 on the paths of the other (L8).
   */
  open(gateway: Gateway | null, consoleChild: ConsoleChild | null, settings?: ConsoleSettings): void
  /** Stops accepting and waits for running answers, `milliseconds` at most. */
  close(milliseconds: number): Promise<void>
}

/** Chooses by the normalised path: the gateway here, everything else in the console's process. */
export function serveRequests(server: Server, env: Pick<Env, 'trustedProxies'>): Door {
  const trusted = compileNetworks(env.trustedProxies)
  let parts: Parts | null = null
  let following: NodeJS.Timeout | undefined

  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (parts === null) {
      if (asksForLife(incoming)) sayAlive(outgoing)
      else refuseRequest(incoming, outgoing, notReady())
      return
    }
    if (parts.gateway?.stopping) outgoing.shouldKeepAlive = false
    if (!belongsToGateway(incoming.url ?? '/')) {
      serveConsole(incoming, outgoing, { ...parts, trusted })
      return
    }
    if (parts.consoleChild !== null && wantsConsole(incoming)) {
      sendTo(outgoing, '/console')
      return
    }
    if (parts.gateway === null) {
      serveWithoutGateway(incoming, outgoing, { ...parts, trusted })
      return
    }
    serveGatewayRequest(incoming, outgoing, parts.gateway).catch((error) => {
      log.error({ err: error }, 'a request failed outside its pipeline')
      outgoing.destroy()
    })
  }
  server.on('request', answer)
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.writeContinue()
    if (outgoing.socket === null) sendHeadBeforeBody(outgoing)
    answer(incoming, outgoing)
  })

  return {
    open(gateway, consoleChild, settings) {
      const gatewayUrl = () =>
        settings?.gatewayUrl() ?? gateway?.snapshot?.settings.publicGatewayUrl ?? ''
      parts = { gateway, consoleChild, gatewayUrl }
      if (gateway === null) return
      following = setInterval(() => followSettings(server, gateway), followEveryMs).unref()
    },
    close(milliseconds) {
      clearInterval(following)
      return closeServer(server, milliseconds)
    },
  }
}

/**
 * An answer that waits behind another holds its "100 Continue" back, and Node would put the head of
 * the answer before it, once the body comes as bytes. A head that is sent by itself goes behind it.
 */
function sendHeadBeforeBody(outgoing: ServerResponse): void {
  const { writeHead } = outgoing
  outgoing.writeHead = (...args: unknown[]) => {
    Reflect.apply(writeHead, outgoing, args)
    outgoing.flushHeaders()
    return outgoing
  }
}

type Parts = {
  gateway: Gateway | null
  consoleChild: ConsoleChild | null
  gatewayUrl(): string
}

function serveConsole(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { consoleChild, gatewayUrl, trusted }: Parts & { trusted: NetworkSet },
): void {
  if (consoleChild === null) sayNothingHere(outgoing)
  else forwardToConsole(incoming, outgoing, { consoleChild, trusted, gatewayUrl: gatewayUrl() })
}

/** A console on its own: it says that it is alive, and hands calls on where the setting says. */
function serveWithoutGateway(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { consoleChild, gatewayUrl, trusted }: Parts & { trusted: NetworkSet },
): void {
  if (asksForLife(incoming)) {
    sayAlive(outgoing)
    return
  }
  const base = gatewayUrl()
  if (base === '' || consoleChild === null || pathOf(incoming) === '/') sayNothingHere(outgoing)
  else forwardToGateway(incoming, outgoing, { base, trusted })
}

/** E2: whether the process lives needs no configuration, no gateway and no console. */
function asksForLife(incoming: IncomingMessage): boolean {
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return false
  const path = pathOf(incoming)
  return path === '/healthz' || path === '/up'
}

function sayAlive(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' })
  outgoing.end('{"status":"ok"}')
}

/** E4: a browser that opens the bare address means the console. */
function wantsConsole(incoming: IncomingMessage): boolean {
  const { method, url, headers } = incoming
  if (url !== '/' && !url?.startsWith('/?')) return false
  if (method !== 'GET' && method !== 'HEAD') return false
  return /\btext\/html\b/.test(headers.accept ?? '')
}

function pathOf(incoming: IncomingMessage): string {
  try {
    return normalizePath(incoming.url ?? '/').path
  } catch {
    return ''
  }
}

function sendTo(outgoing: ServerResponse, path: string): void {
  outgoing.writeHead(302, { Location: path, Vary: 'Accept', 'Content-Length': '0' })
  outgoing.end()
}

function sayNothingHere(outgoing: ServerResponse): void {
  outgoing.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
  outgoing.end(`${publicErrorText('http.path_unknown')}\n`)
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
