import { createServer } from 'node:http'
import { type Env, readEnv } from '@/lib/core/env'
import { endLog, log, printProblem, startLog } from '@/lib/core/log'
import { isStartError } from '@/lib/core/start-error'
import { boot } from './server/boot'
import { bootConsole } from './server/boot-console'
import { startConsole } from './server/console-child'
import { listen } from './server/listen'
import { serveRequests, serverOptions } from './server/serve-requests'
import { showWelcome } from './server/welcome'

/**
 * The door that `npm start` and the image run: the gateway on node:http itself, and every other
 * path handed to Next in a process of its own. The port is taken first: when it is not free,
 * nothing has been made yet.
 */
async function main(): Promise<void> {
  const asked = readEnv()
  const server = createServer(serverOptions)
  const door = serveRequests(server, asked)
  const env = { ...asked, port: await listen(server, asked) }
  await startLog({ level: env.logLevel, format: env.logFormat, destination: env.logDestination })
  const serving = env.role === 'console' ? await serveConsoleOnly(env) : await serveAll(env)
  door.open(serving.gateway, serving.consoleChild, serving.settings)
  showWelcome(env, serving)
  log.info({ host: env.host, port: env.port, role: env.role }, 'Corral serves')
  stopOnSignal(async () => {
    if (serving.gateway) serving.gateway.stopping = true
    await door.close(serving.gateway?.snapshot?.settings.shutdownMs ?? consoleShutdownMs)
    await serving.consoleChild?.stop()
    await serving.stop()
    await endLog()
  })
}

/** A page is made in less. */
const consoleShutdownMs = 5000

/** `CORRAL_ROLE` (L8): a gateway, with a console as its child unless it is to be a gateway only. */
async function serveAll(env: Env) {
  const booted = await boot(env)
  const consoleChild = env.role === 'gateway' ? null : startConsole(env)
  return { ...booted, consoleChild, settings: undefined }
}

async function serveConsoleOnly(env: Env) {
  const booted = await bootConsole(env)
  return { ...booted, gateway: null, consoleChild: startConsole(env) }
}

/** SIGTERM: stop accepting, let answers finish, write what is held, leave. Twice: leave at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false
  const onSignal = (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping: running answers may finish')
    stop().then(
      () => process.exit(0),
      (error) => fail(error),
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

function fail(error: unknown): never {
  if (isStartError(error)) for (const problem of error.problems) printProblem(problem)
  else printProblem(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exit(1)
}

main().catch(fail)
