import { describe, expect, test } from 'vitest'
import { setNoGateway } from './gateway'
import { handleGatewayRequest } from './web-door'

const statusOf = async (path: string, method = 'GET') => {
  const request = new Request(`http://localhost${path}`, { method })
  return (await handleGatewayRequest(request, '127.0.0.1')).status
}

describe('the web door without a gateway', () => {
  test('says that it lives, and that the rest comes soon, or never where it is elsewhere', async () => {
    expect(await statusOf('/api/tags')).toBe(503)
    expect([await statusOf('/healthz'), await statusOf('/up', 'HEAD')]).toEqual([200, 200])
    setNoGateway()
    for (const path of ['/api/tags', '/v1/models', '/readyz', '/']) {
      expect(await statusOf(path), path).toBe(404)
    }
    expect([await statusOf('/healthz'), await statusOf('/up', 'HEAD')]).toEqual([200, 200])
    expect(await statusOf('/healthz', 'POST')).toBe(404)
  })
})
