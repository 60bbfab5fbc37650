import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createAlias, removeAlias } from '@/lib/admin/aliases'
import { createAssignment, removeAssignment } from '@/lib/admin/assignments'
import { drainBackend, resumeBackend, updateBackend } from '@/lib/admin/backends'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'

let one: Simulator
let other: Simulator
let corral: TestGateway

beforeAll(async () => {
  one = await startSimulator()
  other = await startSimulator({ version: '0.24.0' })
  corral = await startTestGateway({ settings: { circuitFailures: 1000 } })
  await corral.addBackend(one.url, { name: 'one', labels: { gpu: 'a100' } })
  await corral.addBackend(other.url, { name: 'other', priority: 200, labels: { gpu: 'l4' } })
})
afterEach(() => {
  one.clearFaults()
  other.clearFaults()
})
afterAll(async () => {
  await corral?.stop()
  await one?.stop()
  await other?.stop()
})

const model = 'gemma3:270m'
async function call(path: string, body?: object | string, init: RequestInit = {}) {
  const { headers, ...rest } = init
  const response = await fetch(`${corral.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${corral.key}`, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...rest,
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}
const chatBody = { model, stream: false, messages: [{ role: 'user', content: 'Hi' }] }
const chat = (headers: Record<string, string> = {}) => call('/api/chat', chatBody, { headers })
const seen = (path: string) =>
  [...one.requests, ...other.requests].filter((request) => request.path === path)

describe('D1, D5, D6: which backend', () => {
  test('an alias is spliced in, and every other byte of the body stays', async () => {
    await createAlias(corral.context, { alias: 'gpt-4o', targets: ['absent:1b', model] })
    await corral.settled()
    const body =
      '{ "z":1.10, "model" : "GPT-4o" ,"stream":false,"seed":12345678901234567890,"messages":[ ]}'
    const answer = await call('/api/chat', body)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-corral-model')).toBe(model)
    expect(seen('/api/chat').at(-1)?.body.toString()).toBe(body.replace('GPT-4o', model))
    await removeAlias(corral.context, 'gpt-4o')
    await corral.settled()
    expect((await call('/api/chat', body)).status).toBe(404)
  })

  test('a label keeps only its backends, by a header whose name is a setting', async () => {
    for (const [label, name] of [
      ['gpu=a100', 'one'],
      ['gpu=l4', 'other'],
    ] as const) {
      const answer = await chat({ 'X-Corral-Label': label })
      expect(answer.headers.get('x-corral-backend')).toBe(name)
    }
    const none = await chat({ 'X-Corral-Label': 'gpu=none' })
    expect([none.status, none.text]).toEqual([
      503,
      '{"error":"No backend with the label \\"gpu=none\\" can take this request."}',
    ])
    await corral.set({ labelHeader: 'X-Where' })
    const renamed = await chat({ 'X-Where': 'gpu=l4', 'X-Corral-Label': 'gpu=none' })
    expect(renamed.headers.get('x-corral-backend')).toBe('other')
    const sent = other.requests.at(-1)?.rawHeaders.map((each) => each.toLowerCase())
    expect(sent).not.toContain('x-where')
    await corral.set({ labelHeader: 'X-Corral-Label' })
  })

  test('a pin names a backend or a label, under both names; an unknown one is 404', async () => {
    for (const header of ['X-Corral-Backend', 'X-Provider']) {
      expect((await chat({ [header]: 'other' })).headers.get('x-corral-backend')).toBe('other')
      expect((await chat({ [header]: 'gpu=l4' })).headers.get('x-corral-backend')).toBe('other')
    }
    const unknown = await chat({ 'X-Corral-Backend': 'nobody' })
    expect([unknown.status, unknown.text]).toEqual([
      404,
      '{"error":"No backend is named or labelled \\"nobody\\"."}',
    ])
  })

  test('an assignment comes before everything else', async () => {
    await createAssignment(corral.context, { model: 'gemma3*', backend: 'other' })
    await corral.settled()
    for (let i = 0; i < 4; i++) {
      expect((await chat()).headers.get('x-corral-backend')).toBe('other')
    }
    await removeAssignment(corral.context, 'gemma3*')
    await corral.settled()
  })

  test('what fits nowhere is 503 with the need and the largest limit, or goes to the largest', async () => {
    for (const [name, maxMemoryGb] of [
      ['one', 0.01],
      ['other', 0.02],
    ] as const) {
      await updateBackend(corral.context, name, { maxMemoryGb })
    }
    await corral.settled()
    const refused = await chat()
    expect(refused.status).toBe(503)
    expect(refused.text).toMatch(/needs [\d.]+ GB, and the largest backend takes 0(\.0\d*)? GB/)
    await corral.set({ whenNothingFits: 'largest' })
    expect((await chat()).headers.get('x-corral-backend')).toBe('other')
    await corral.set({ whenNothingFits: 'refuse' })
    for (const name of ['one', 'other']) {
      await updateBackend(corral.context, name, { maxMemoryGb: null })
    }
    await corral.settled()
  })
})

describe('D9, D12, D15: attempts', () => {
  for (const status of [502, 503, 504, 429, 409]) {
    test(`a ${status} is tried elsewhere, and passed on in its own words when all say it`, async () => {
      const before = seen('/api/chat').length
      const fault = { kind: 'status', status, body: '{"error":"mine"}' } as const
      one.addFault({ path: '/api/chat' }, fault)
      const answer = await chat({ 'x-corral-label': 'gpu' })
      const all = await chat()
      expect([answer.status, all.status].filter((each) => each === 200).length).toBeGreaterThan(0)
      other.addFault({ path: '/api/chat' }, fault)
      const refused = await chat()
      expect(refused.status).toBe(status)
      expect(refused.text).toBe('{"error":"mine"}')
      expect(refused.headers.get('x-corral-attempts')).toBe('2')
      expect(seen('/api/chat').length).toBeGreaterThanOrEqual(before + 3)
    })
  }

  test('a refusal of any length is passed on whole, and judged by its status', async () => {
    const long = JSON.stringify({ error: 'x'.repeat(300_000) })
    await corral.set({ circuitFailures: 1 })
    for (const each of [one, other]) {
      each.addFault({ path: '/api/chat' }, { kind: 'status', status: 400, body: long })
    }
    const refused = await chat()
    expect([refused.status, refused.text === long]).toEqual([400, true])
    expect(corral.gateway.fleet.views().every((view) => view.circuitAllows)).toBe(true)
    await corral.set({ circuitFailures: 1000 })
    for (const each of [one, other]) {
      each.clearFaults()
      each.addFault({ path: '/api/chat' }, { kind: 'status', status: 503, body: long })
    }
    const busy = await chat()
    expect([busy.status, busy.text === long]).toEqual([503, true])
    expect(busy.headers.get('x-corral-attempts')).toBe('2')
    await waitFor(() => corral.gateway.fleet.views().every((view) => view.inFlight === 0))
    one.clearFaults()
    other.clearFaults()
    expect((await chat()).status).toBe(200)
  })

  test('a ghost is tried elsewhere, a 400 and a 500 are not', async () => {
    one.addFault({ path: '/api/chat', model }, { kind: 'ghost' })
    for (let i = 0; i < 2; i++) expect((await chat()).status).toBe(200)
    for (const status of [400, 500]) {
      const before = seen('/api/chat').length
      for (const each of [one, other]) {
        each.addFault({ path: '/api/chat' }, { kind: 'status', status }, 1)
      }
      expect((await chat()).status).toBe(status)
      expect(seen('/api/chat').length).toBe(before + 1)
      one.clearFaults()
      other.clearFaults()
    }
  })

  const managing: [string, string, object][] = [
    ['POST', '/api/pull', { model }],
    ['POST', '/api/push', { model }],
    ['POST', '/api/create', { model: 'n', from: model }],
    ['POST', '/api/copy', { source: model, destination: 'n' }],
    ['DELETE', '/api/delete', { model }],
    ['POST', `/api/blobs/sha256:${'0'.repeat(64)}`, {}],
  ]
  for (const [method, path, body] of managing) {
    test(`${method} ${path.slice(0, 10)} is never done twice`, async () => {
      for (const fault of [{ kind: 'status', status: 503 }, { kind: 'refuse' }] as const) {
        const before = seen(path).length
        for (const each of [one, other]) each.addFault({ path }, fault)
        const answer = await call(path, body, { method })
        expect([502, 503]).toContain(answer.status)
        expect(seen(path).length).toBe(before + 1)
        one.clearFaults()
        other.clearFaults()
      }
    })
  }

  test('create and blobs of one principal meet one steady backend', async () => {
    const names = new Set<string | null>()
    for (let i = 0; i < 6; i++) {
      const digest = `sha256:${String(i).repeat(64)}`
      const check = await call(`/api/blobs/${digest}`, undefined, { method: 'HEAD' })
      names.add(check.headers.get('x-corral-backend'))
      const create = await call('/api/create', { model: `n${i}`, from: 'absent', stream: false })
      names.add(create.headers.get('x-corral-backend'))
    }
    expect(names.size).toBe(1)
  })

  test('headers that name the route go away with their setting, and so do names in texts', async () => {
    const on = await chat()
    for (const name of ['backend', 'model', 'attempts', 'overhead-ms']) {
      expect(on.headers.get(`x-corral-${name}`), name).not.toBeNull()
    }
    await corral.set({ routeHeaders: false })
    const off = await chat()
    expect([...off.headers.keys()].filter((name) => name.startsWith('x-corral-'))).toEqual([])
    expect(off.headers.get('x-request-id')).toMatch(/^req_/)
    for (const each of [one, other]) each.addFault({ path: '/api/chat' }, { kind: 'refuse' })
    const hidden = await chat()
    expect([hidden.status, hidden.text.includes('one')]).toEqual([502, false])
    await corral.set({ routeHeaders: true })
    const named = await chat()
    expect(named.text).toMatch(/\((one, other|other, one)\)/)
  })

  test('a loop is 508', async () => {
    const answer = await chat({ 'X-Corral-Via': `somebody, ${corral.gateway.nodeId}` })
    expect(answer.status).toBe(508)
  })
})

describe('B5, E, F: cap, health, lists', () => {
  test('one request more than the cap is 503 with Retry-After', async () => {
    one.addFault({ path: '/api/chat' }, { kind: 'hang' })
    other.addFault({ path: '/api/chat' }, { kind: 'hang' })
    await corral.set({ inFlightMax: 2 })
    const abort = new AbortController()
    const held = [1, 2].map(() =>
      call('/api/chat', chatBody, { signal: abort.signal }).catch(() => null),
    )
    await waitFor(() => corral.gateway.inFlight.count() === 2)
    const more = await chat()
    expect([more.status, more.headers.get('retry-after')]).toEqual([503, '1'])
    expect(more.text).toContain('limit of 2 requests in flight')
    abort.abort()
    await Promise.all(held)
    await waitFor(() => corral.gateway.inFlight.count() === 0)
    await corral.set({ inFlightMax: 1024 })
  })

  test('lists and the lowest version come from the catalogue, with a backend down', async () => {
    const version = await call('/api/version')
    expect(version.text).toBe('{"version":"0.24.0"}')
    const tags = JSON.parse((await call('/api/tags')).text).models.length
    expect(tags).toBeGreaterThan(0)
    other.blackhole(true)
    const beganMs = performance.now()
    expect(JSON.parse((await call('/api/tags')).text).models).toHaveLength(tags)
    expect(performance.now() - beganMs).toBeLessThan(4 * 50 + 200)
    other.blackhole(false)
  })

  test('what is in memory of a disabled backend stands in no list', async () => {
    const listed = async () => JSON.parse((await call('/api/ps')).text).models.length
    const enable = async (enabled: boolean) => {
      for (const name of ['one', 'other']) await updateBackend(corral.context, name, { enabled })
      await corral.settled()
    }
    await chat({ 'x-corral-backend': 'one' })
    await waitFor(async () => (await listed()) > 0)
    await enable(false)
    expect(await listed()).toBe(0)
    await enable(true)
    await waitFor(async () => (await listed()) > 0)
  })

  test('show is answered from memory the second time, for each that may use the model', async () => {
    const ask = () => call('/api/show', { model })
    await ask()
    const before = seen('/api/show').length
    expect((await ask()).status).toBe(200)
    expect(seen('/api/show').length).toBe(before)
    const denied = await corral.addKey({ models: { allow: ['*'], deny: [model] } })
    const answer = await call(
      '/api/show',
      { model },
      { headers: { authorization: `Bearer ${denied}` } },
    )
    expect(answer.status).toBe(403)
    const copilot = await call(
      '/api/show',
      { model },
      { headers: { 'user-agent': 'GitHubCopilotChat/1' } },
    )
    expect(copilot.status).toBe(200)
    expect(seen('/api/show').length).toBe(before + 1)
  })

  test('/ tells programs to the byte what Ollama tells, and sends a browser to the console', async () => {
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(corral.url, { method, headers: { accept: '*/*' } })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(response.headers.get('content-length')).toBe('17')
      expect(await response.text()).toBe(method === 'HEAD' ? '' : 'Ollama is running')
    }
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    const browser = await fetch(corral.url, { headers, redirect: 'manual' })
    expect([browser.status, browser.headers.get('location')]).toEqual([302, '/console'])
  })

  test('/health, /test and /readyz tell what the fleet is, with details for whom the setting says', async () => {
    const health = JSON.parse((await call('/health')).text)
    expect(Object.keys(health)).toEqual(['status', 'timestamp', 'servers', 'external_hosts'])
    expect(health.servers.one).toMatchObject({ priority: 100, max_memory_gb: null })
    expect(JSON.parse((await call('/api/v1/health')).text).servers.other.priority).toBe(200)
    const report = JSON.parse((await call('/test')).text)
    expect(report).toMatchObject({ ollama_host: one.url, ollama_reachable: true })
    expect(report.models).toContain(model)
    await corral.set({ healthDetails: 'trusted', trustedNetworks: [] })
    const plain = await fetch(`${corral.url}/health`).then((response) => response.json())
    expect(Object.keys(plain)).toEqual(['status', 'timestamp'])
    expect(JSON.parse((await call('/health')).text).servers).toBeDefined()
    await corral.set({ healthDetails: 'everyone', trustedNetworks: ['127.0.0.0/8'] })
  })

  test('drained backends take no new work, and with none left readiness and health say so', async () => {
    await drainBackend(corral.context, 'one')
    await corral.settled()
    for (let i = 0; i < 4; i++) {
      expect((await chat()).headers.get('x-corral-backend')).toBe('other')
    }
    await drainBackend(corral.context, 'other')
    await corral.settled()
    const none = await chat()
    expect([none.status, none.text]).toEqual([
      503,
      '{"error":"No active backend servers available."}',
    ])
    expect(none.headers.get('retry-after')).toBe('5')
    expect((await fetch(`${corral.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${corral.url}/health`)).status).toBe(503)
    for (const path of ['/healthz', '/up']) {
      expect((await fetch(`${corral.url}${path}`)).status).toBe(200)
    }
    for (const name of ['one', 'other']) await resumeBackend(corral.context, name)
    await corral.settled()
    await waitFor(async () => (await fetch(`${corral.url}/readyz`)).status === 200)
    expect((await chat()).status).toBe(200)
  })
})

describe('a client that leaves', () => {
  const leaveDuring = async (path: string, body: BodyInit, until: () => Promise<unknown>) => {
    const abort = new AbortController()
    await waitFor(() => corral.gateway.journal.lagRecords() === 0)
    const count = (await corral.records()).length
    const call = fetch(`${corral.url}${path}`, {
      method: 'POST',
      headers: { 'x-api-key': corral.key },
      body,
      signal: abort.signal,
      duplex: 'half',
    } as RequestInit).catch(() => null)
    await until()
    abort.abort()
    await call
    await waitFor(() => corral.gateway.inFlight.count() === 0)
    await waitFor(() => corral.gateway.fleet.views().every((view) => view.inFlight === 0))
    const records = await corral.records((all) => all.length > count)
    expect(records.slice(count)).toHaveLength(1)
    expect(records.at(-1)).toMatchObject({ status: 499, errorCode: 'gateway.client_left' })
  }
  const inFlight = () => waitFor(() => corral.gateway.inFlight.count() === 1)

  test('while its body is read, is recorded once as 499', async () => {
    const endless = new ReadableStream({ start: (c) => c.enqueue(Buffer.from('{"model":')) })
    await leaveDuring('/api/chat', endless, inFlight)
  })

  test('while the catalogue is refreshed for an unknown model, is recorded once as 499', async () => {
    await wait(2100) // a forced refresh is joined within 2 s
    for (const each of [one, other]) each.addFault({ path: '/api/tags' }, { kind: 'hang', ms: 400 })
    await leaveDuring('/api/chat', '{"model":"nobody-has-this"}', inFlight)
  })
})
