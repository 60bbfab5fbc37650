import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Corral } from '../support/start-corral'
import { waitFor } from '../support/wait-for'
import { type FloodServer, startFloodServer } from './flood-server'

/** What lies in the buffers of four sockets and two processes, with room. */
const heldBytesMax = 48 * 1024 * 1024

export function describeSlowClient(corral: () => Corral): void {
  describe('a slow client', () => {
    let flood: FloodServer
    beforeAll(async () => {
      flood = await startFloodServer()
      await corral().replaceBackends([flood.url])
      await corral().untilKnown(['flood:1'])
    })
    afterAll(() => flood?.stop())

    test('slows its backend, goes on where it was, and may leave while it waits', async () => {
      const answer = await openAnswer(corral())
      await untilStill(flood)
      const heldBytes = flood.sentBytes()
      expect(heldBytes).toBeLessThan(heldBytesMax)
      let readBytes = 0
      answer.on('data', (bytes: Buffer) => {
        readBytes += bytes.length
        if (readBytes > 2 * heldBytes) answer.pause()
      })
      await waitFor(() => readBytes > 2 * heldBytes)
      await untilStill(flood)
      expect(flood.sentBytes()).toBeLessThan(readBytes + heldBytesMax)
      expect(flood.open()).toBe(1)
      answer.destroy()
      // 250 ms is promised: four times the room.
      await waitFor(() => flood.open() === 0, { timeoutMs: 1000, what: 'the end at the backend' })
    })
  })
}

/** The head has come; nothing of the body is read until somebody listens. */
function openAnswer({ port, key }: Corral): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/api/generate',
      headers: { authorization: `Bearer ${key}` },
    })
    asked.on('response', resolve)
    asked.on('error', reject)
    asked.end(JSON.stringify({ model: 'flood:1', prompt: 'x' }))
  })
}

/** The backend has not been able to write for half a second. */
async function untilStill(flood: FloodServer): Promise<void> {
  let sentBytes = -1
  let sinceMs = performance.now()
  await waitFor(() => {
    if (flood.sentBytes() !== sentBytes) {
      sentBytes = flood.sentBytes()
      sinceMs = performance.now()
    }
    return performance.now() - sinceMs > 500
  })
}
