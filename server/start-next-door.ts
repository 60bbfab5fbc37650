import diagnostics from 'node:diagnostics_channel'
import type { IncomingMessage, Server } from 'node:http'
import { type Env, readEnv, readProcessEnv } from '@/lib/core/env'
import { log, startLog } from '@/lib/core/log'
import { processState } from '@/lib/core/process-state'
import { findTheGateway, setNoGateway } from '@/lib/gateway/gateway'
import { peerHeader } from '@/lib/gateway/web-door'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { isCallersOwn, isTrustedPeer, renderCallerHeaders } from '@/lib/http/caller-headers'
import { compileNetworks, type NetworkSet } from '@/lib/http/networks'
import { boot } from './boot'
import { followSettings } from './follow-settings'
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
  takePeerFromSockets(compileNetworks(env.trustedProxies), env.role)
  if (env.role === 'console') {
    setNoGateway()
    return
  }
  await startLog({ level: env.logLevel, format: env.logFormat, destination: env.logDestination })
  const booted = await boot(env)
  showWelcome(env, booted)
  log.info('Corral serves through Next')
  process.once('SIGTERM', () => void booted.stop())
  process.once('SIGINT', () => void booted.stop())
}

/**
 * Node announces each request before Next sees it: the socket's address goes into a header of
 * ours, over whatever the client sent, and a path that is not of this role becomes one that nobody
 * has. The same place frees slow uploads of Node's own limit. A console that `server.ts` has
 * started listens where no address is: it was told of its callers already.
 */
function takePeerFromSockets(trusted: NetworkSet, role: Env['role']): void {
  diagnostics.subscribe('http.server.request.start', (message) => {
    const { request, server } = message as { request: IncomingMessage; server: Server }
    const peer = request.socket.remoteAddress
    if (peer === undefined && role === 'console') return
    delete request.headers[peerHeader]
    if (peer !== undefined) request.headers[peerHeader] = peer
    if (belongsToConsole(request.url)) {
      if (role === 'gateway') request.url = nobodysPath
      else tellCaller(request, trusted)
    }
    // A browser at the bare address would be sent to a console that is not there.
    if (role === 'gateway' && /^\/(\?|$)/.test(request.url ?? '')) delete request.headers.accept
    const gateway = findTheGateway()
    if (gateway?.snapshot) followSettings(server, gateway)
    else server.requestTimeout = 0
  })
}

const nobodysPath = '/not-of-this-role'

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
