import diagnostics from 'node:diagnostics_channel'
import type { IncomingMessage, Server } from 'node:http'
import { readEnv } from '@/lib/core/env'
import { log, startLog } from '@/lib/core/log'
import { processState } from '@/lib/core/process-state'
import { peerHeader } from '@/lib/gateway/web-door'
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
  takePeerFromSockets()
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
function takePeerFromSockets(): void {
  diagnostics.subscribe('http.server.request.start', (message) => {
    const { request, server } = message as { request: IncomingMessage; server: Server }
    delete request.headers[peerHeader]
    const peer = request.socket.remoteAddress
    if (peer !== undefined) request.headers[peerHeader] = peer
    server.requestTimeout = 0
  })
}
