import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { ask, type GenerationPath, generationPaths } from './generations'

let ollama: Simulator
let corral: TestGateway

beforeAll(async () => {
  ollama = await startSimulator()
  corral = await startTestGateway({ backends: [ollama.url] })
})
afterAll(async () => {
  await corral?.stop()
  await ollama?.stop()
})

const limit = { requests: 2, windowSeconds: 60 }

function wordsOf(path: GenerationPath, seconds: string): object {
  const message = `Rate limit exceeded. Try again in ${seconds} seconds.`
  if (path.startsWith('/api/')) return { error: message }
  if (path === '/v1/messages') {
    return {
      type: 'error',
      error: { type: 'rate_limit_error', message },
      request_id: expect.any(String),
    }
  }
  return {
    error: { message, type: 'rate_limit_error', param: null, code: 'limits.rate_exceeded' },
  }
}

describe('429 that never fires', () => {
  for (const path of generationPaths) {
    for (const stream of [true, false]) {
      test(`${path}, stream ${stream}: the third request of two is 429 in the caller's dialect`, async () => {
        const key = await corral.addKey({ rateLimit: limit })
        const asked = ollama.requestCount()
        for (let i = 0; i < limit.requests; i++) {
          const response = await ask(corral, { path, key, body: { stream } })
          expect(response.status).toBe(200)
          await response.text()
        }
        const answered = ollama.requests.filter((request) => request.path === path).length
        const response = await ask(corral, { path, key, body: { stream } })
        expect(response.status).toBe(429)
        const seconds = response.headers.get('retry-after') ?? ''
        expect(seconds).toMatch(/^\d+$/)
        expect(Number(seconds)).toBeGreaterThan(0)
        expect(Number(seconds)).toBeLessThanOrEqual(limit.windowSeconds * 2)
        expect(response.headers.get('ratelimit-limit')).toBe('2')
        expect(response.headers.get('ratelimit-remaining')).toBe('0')
        expect(Number(response.headers.get('ratelimit-reset'))).toBeGreaterThan(0)
        expect(await response.json()).toEqual(wordsOf(path, seconds))
        expect(ollama.requestCount()).toBeGreaterThan(asked)
        expect(
          ollama.requests.filter((request) => request.path === path).length,
          'a refused request never reaches a backend',
        ).toBe(answered)
      })
    }
  }

  test('50 requests at once of a key with 10: exactly 10 pass', async () => {
    const key = await corral.addKey({ rateLimit: { requests: 10, windowSeconds: 3600 } })
    const responses = await Promise.all(Array.from({ length: 50 }, () => ask(corral, { key })))
    await Promise.all(responses.map((response) => response.text()))
    const count = (status: number) => responses.filter((each) => each.status === status).length
    expect({ passed: count(200), refused: count(429) }).toEqual({ passed: 10, refused: 40 })
  })

  test('100 a minute hold for each key where nothing else is set', async () => {
    await corral.set({ rateLimitRequests: 100, rateLimitWindowSeconds: 60 })
    const statuses: number[] = []
    const key = await corral.addKey()
    const spare = await corral.addKey()
    const list = (token: string) =>
      fetch(`${corral.url}/api/version`, { headers: { authorization: `Bearer ${token}` } })
    for (let i = 0; i < 101; i++) {
      const response = await list(key)
      statuses.push(response.status)
      await response.text()
    }
    expect(statuses.slice(0, 100).every((status) => status === 200)).toBe(true)
    expect(statuses[100]).toBe(429)
    expect((await list(spare)).status, "another key's window").toBe(200)
    await corral.set({ rateLimitRequests: 0 })
    expect((await list(key)).status, '0 is no limit').toBe(200)
  })

  test('the record of a refusal says 429, and no backend', async () => {
    const records = await corral.records((all) => all.some((record) => record.status === 429))
    expect(records.find((record) => record.status === 429)).toMatchObject({
      errorCode: 'limits.rate_exceeded',
      backendName: null,
      attempts: 0,
    })
  })
})
