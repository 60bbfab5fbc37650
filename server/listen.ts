import type { Server } from 'node:http'
import type { Env } from '@/lib/core/env'
import { StartError } from '@/lib/core/start-error'

/** Takes the port and gives its number (0 takes any free one), or says why not in a sentence. */
export function listen(
  server: Server,
  { host, port }: Pick<Env, 'host' | 'port'>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, { host, port })))
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : port)
    })
  })
}

function explain(error: Error, { host, port }: { host: string; port: number }): Error {
  const code = 'code' in error ? error.code : ''
  if (code === 'EADDRINUSE') {
    return new StartError(`Port ${port} is taken. Stop what listens there, or set PORT to another.`)
  }
  if (code === 'EACCES') {
    return new StartError(`Port ${port} may not be used by this user. Set PORT to one above 1023.`)
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`HOST ${host} is no address of this machine.`)
  }
  return error
}
