import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import compression from 'compression'
import next from 'next'
import { printProblem } from '@/lib/core/log'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { listPrecompressed, takePrecompressed } from '@/lib/http/precompressed'

/**
 * The console's process: Next behind the socket that `server.ts` names. It ends with its parent.
 * Pages are compressed here, where no stream of the gateway waits for it; so are scripts where a
 * browser does not take what the build has compressed already.
 */
async function main(): Promise<void> {
  const [socket, mode, port] = process.argv.slice(2)
  if (!socket || !process.send) throw new Error('the console is started by server.ts')
  process.on('disconnect', () => process.exit(0))
  // After an action that leads on, Next asks itself for the next page: at the server's own port. The
  // name is what it calls every loopback, so that its redirects stay paths.
  const at = { hostname: 'localhost', port: Number(port) }
  const app = next({ dev: mode === 'development', dir: process.cwd(), ...at })
  await app.prepare()
  const render = app.getRequestHandler()
  const ready = mode === 'development' ? new Set<string>() : listPrecompressed('.next/static')
  const compress = compression({ filter: isCompressible })
  const server = createServer((incoming, outgoing) => {
    if (mode === 'development') incoming.headers[callerHeaderNames.development] = '1'
    takePrecompressed(ready, incoming, outgoing)
    // Its types are those of Express; it uses nothing that node:http does not have.
    compress(incoming as never, outgoing as never, () => {
      render(incoming, outgoing).catch(() => outgoing.destroy())
    })
  })
  server.requestTimeout = 0
  server.listen(socket, () => process.send?.('ready'))
}

/** An event stream would be held back until a block is full. */
function isCompressible(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  const type = String(outgoing.getHeader('content-type') ?? '')
  return (
    !type.startsWith('text/event-stream') &&
    compression.filter(incoming as never, outgoing as never)
  )
}

main().catch((error) => {
  printProblem(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exit(1)
})
