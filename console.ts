import { createServer } from 'node:http'
import next from 'next'
import { printProblem } from '@/lib/core/log'

/**
 * The console's process: Next behind the socket that `server.ts` names. It ends with its parent.
 */
async function main(): Promise<void> {
  const [socket, mode] = process.argv.slice(2)
  if (!socket || !process.send) throw new Error('the console is started by server.ts')
  process.on('disconnect', () => process.exit(0))
  const app = next({ dev: mode === 'development', dir: process.cwd() })
  await app.prepare()
  const render = app.getRequestHandler()
  const server = createServer((incoming, outgoing) => {
    render(incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.requestTimeout = 0
  server.listen(socket, () => process.send?.('ready'))
}

main().catch((error) => {
  printProblem(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exit(1)
})
