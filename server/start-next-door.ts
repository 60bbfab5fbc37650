import diagnostics from 'node:diagnostics_channel'
import type { IncomingMessage, Server } from 'node:http'
import { readEnv, readProcessEnv } from '@/lib/core/env'
import { log, startLog } from '@/lib/core/log'
import { processState } from '@/lib/core/process-state'
import { findTheGateway } from '@/lib/gateway/gateway'
import { peerHeader } from '@/lib/gateway/web-door'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { isCallersOwn, isTrustedPeer, renderCallerHeaders } from '@/lib/http/caller-headers'
import { compileNetworks, type NetworkSet } from '@/lib/http/networks'
import { boot } from './boot'
import { showWelcome } from './welcome'

/**
 * What `server.ts` does otherwise, for `next dev`, `next start` and any host that takes a plain
 * Next app. Starting twice in a process starts once.
 */
export function startNextDoor(): Promise<void> {
  return processState('next-door', start)
}

async function start(): Promise<void> {
  const env = readEnv()
  if (env.role === 'console') return
  takePeerFromSockets(compileNetworks(env.trustedProxies))
  await startLog({ level: env.logLevel, format: env.logFormat, destination: env.logDestination })
  const booted = await boot(env)
  showWelcome(env, booted)
  log.info('Corral serves through Next')
  process.once('SIGTERM', () => void booted.stop())
  process.once('SIGINT', () => void booted.stop())
}

/**
 * Node announces each request before Next sees it: the socket's address goes into a header of
 * ours, over whatever the client sent. The same place frees slow uploads of Node's own limit.
 */
function takePeerFromSockets(trusted: NetworkSet): void {
  diagnostics.subscribe('http.server.request.start', (message) => {
    const { request, server } = message as { request: IncomingMessage; server: Server }
    delete request.headers[peerHeader]
    const peer = request.socket.remoteAddress
    if (peer !== undefined) request.headers[peerHeader] = peer
    if (belongsToConsole(request.url)) tellCaller(request, trusted)
    server.requestTimeout = 0
  })
}

/** What `server.ts` tells its console about a caller. */
function tellCaller(request: IncomingMessage, trusted: NetworkSet): void {
  const gatewayUrl = findTheGateway()?.snapshot?.settings.publicGatewayUrl ?? ''
  const told = renderCallerHeaders(request, { trusted, gatewayUrl })
  const believed = isTrustedPeer(request, trusted)
  for (const name of Object.keys(request.headers)) {
    if (!isCallersOwn(name, believed)) delete request.headers[name]
  }
  Object.assign(request.headers, told)
  if (readProcessEnv().NODE_ENV === 'development') {
    request.headers[callerHeaderNames.development] = '1'
  }
}

function belongsToConsole(target = '/'): boolean {
  return /^\/(console|auth)(?:[/?]|$)/.test(target)
}
