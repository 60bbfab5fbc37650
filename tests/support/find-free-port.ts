import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what systems give to sockets that name no port: else one of those may take it first. */
const portMin = 20_000
const portMax = 32_000

/** A port of loopback that was free a moment ago: the simplest way to know it before a start. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(portMin, portMax)
  return (await isFree(port)) ? port : findFreePort()
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}
