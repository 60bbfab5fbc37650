import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveRequests } from '@/server/serve-requests'

const server = createServer()

beforeAll(async () => {
  serveRequests(server, { trustedProxies: [] })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const statusOf = async (path: string, method = 'GET') => {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
  await response.text()
  return response.status
}

test('while it starts the process says that it lives, and everything else is told to come back', async () => {
  for (const path of ['/healthz', '/up']) {
    expect(await statusOf(path)).toBe(200)
    expect(await statusOf(path, 'HEAD')).toBe(200)
  }
  for (const path of ['/', '/readyz', '/health', '/api/tags', '/console']) {
    expect(await statusOf(path), path).toBe(503)
  }
})
