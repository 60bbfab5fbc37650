import { afterEach, describe, expect, test } from 'vitest'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { type Simulator, type SimulatorOptions, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'
import { ask, readObjects } from './generations'

const gib = 1024 ** 3
const model = (name: string, more: object = {}) => ({ name, sizeBytes: gib, ...more })

const simulators: Simulator[] = []
let corral: TestGateway | null = null

afterEach(async () => {
  await corral?.stop()
  corral = null
  for (const simulator of simulators.splice(0)) await simulator.stop()
})

async function herd(
  options: SimulatorOptions[],
  settings: Parameters<TestGateway['set']>[0] = {},
): Promise<[TestGateway, ...Simulator[]]> {
  for (const each of options) simulators.push(await startSimulator(each))
  const backends = simulators.map((simulator) => simulator.url)
  corral = await startTestGateway({ backends, settings })
  const known = corral
  await waitFor(() => known.gateway.fleet.views().every((view) => view.catalogue !== null))
  return [corral, ...simulators]
}

const chats = (simulator: Simulator) =>
  simulator.requests.filter((request) => request.path === '/api/chat').length

describe('Black hole', () => {
  test('a backend that answers 503 in 5 ms gets under 5 % of the traffic after 1 s, and no client sees it', async () => {
    const [gateway, bad, good] = await herd([{ name: 'bad' }, { name: 'good' }])
    await gateway.database.updateFrontend(
      (await gateway.database.listFrontends())[0]?.id ?? '',
      { strategy: 'least-busy' },
      audit,
    )
    await gateway.settled()
    bad?.addFault({ path: '/api/chat' }, { kind: 'status', status: 503, delayMs: 5 })
    const counted = { bad: 0, all: 0 }
    const statuses = new Set<number>()
    // What is promised after 1 s is measured with four times the room.
    const begin = performance.now()
    const isLate = () => performance.now() - begin > 4000
    let badBefore = 0
    const client = async () => {
      while (performance.now() - begin < 5500) {
        const late = isLate()
        if (!late) badBefore = bad ? chats(bad) : 0
        const response = await ask(gateway)
        statuses.add(response.status)
        await response.text()
        if (late) counted.all += 1
      }
    }
    await Promise.all(Array.from({ length: 10 }, client))
    counted.bad = (bad ? chats(bad) : 0) - badBefore
    expect([...statuses]).toEqual([200])
    expect(counted.all).toBeGreaterThan(20)
    expect(counted.bad / counted.all).toBeLessThan(0.05)
    expect(good && chats(good)).toBeGreaterThan(0)
  })
})

describe('Loaded is not idle', () => {
  const slow = { tokensPerSecond: 40, answerTokens: 400, loadMs: 50, parallel: 16 }

  test('the backend where the model is loaded and a slot is free comes first', async () => {
    const [gateway, cold, warm] = await herd([slow, slow], { loadedIntervalMs: 200 })
    await load(warm)
    gateway.gateway.fleet.refreshLoaded(idOf(gateway, 'gpu-2'))
    await waitFor(() => view(gateway, 'gpu-2').loaded.size === 1)
    for (let i = 0; i < 4; i++) {
      const response = await ask(gateway, { body: { options: { num_predict: 1 } } })
      expect(response.headers.get('x-corral-backend')).toBe('gpu-2')
      await response.text()
    }
    expect(cold && chats(cold)).toBe(0)
  })

  test('when the wait on the warm one would exceed a load elsewhere, requests go elsewhere', async () => {
    const [gateway, cold, warm] = await herd([slow, slow], { loadedIntervalMs: 200 })
    await load(warm)
    gateway.gateway.fleet.refreshLoaded(idOf(gateway, 'gpu-2'))
    await waitFor(() => view(gateway, 'gpu-2').loaded.size === 1)
    const responses = await Promise.all(Array.from({ length: 16 }, () => ask(gateway)))
    await Promise.all(responses.map((response) => response.body?.cancel()))
    expect(responses.every((response) => response.status === 200)).toBe(true)
    expect(cold && chats(cold)).toBeGreaterThanOrEqual(4)
    expect(warm && chats(warm)).toBeGreaterThanOrEqual(4)
  })

  test('a model that must be loaded goes where no busy model is driven out', async () => {
    const models = [
      model('busy:1b', { sizeBytes: 6 * gib }),
      model('gemma3:270m', { sizeBytes: 6 * gib }),
    ]
    const machine = { ...slow, models, memoryBytes: 8 * gib, answerTokens: 400 }
    const [gateway, one, other] = await herd([machine, machine], { loadedIntervalMs: 200 })
    for (const name of ['gpu-1', 'gpu-2']) {
      await gateway.database.updateBackend(idOf(gateway, name), { maxMemoryGb: 8 }, audit)
    }
    await gateway.settled()
    const leave = new AbortController()
    const busy = await ask(gateway, { body: { model: 'busy:1b' }, signal: leave.signal })
    const busyName = busy.headers.get('x-corral-backend')
    await busy.body?.getReader().read()
    gateway.gateway.fleet.refreshLoaded(idOf(gateway, String(busyName)))
    await waitFor(() => view(gateway, String(busyName)).loaded.size === 1)
    for (let i = 0; i < 3; i++) {
      const response = await ask(gateway, { body: { options: { num_predict: 1 } } })
      expect(response.headers.get('x-corral-backend')).not.toBe(busyName)
      await response.text()
    }
    leave.abort()
    expect((one?.loads() ?? 0) + (other?.loads() ?? 0)).toBe(2)
  })

  test('50 requests at once after one poll spread by our own counts', async () => {
    const [gateway, ...all] = await herd(
      Array.from({ length: 5 }, () => ({ tokensPerSecond: 40, answerTokens: 20, parallel: 16 })),
    )
    const responses = await Promise.all(Array.from({ length: 50 }, () => ask(gateway)))
    await Promise.all(responses.map((response) => response.text()))
    for (const simulator of all as Simulator[]) {
      expect(chats(simulator)).toBeGreaterThanOrEqual(6)
      expect(chats(simulator)).toBeLessThanOrEqual(14)
    }
  })

  async function load(simulator: Simulator | undefined): Promise<void> {
    await fetch(`${simulator?.url}/api/generate`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gemma3:270m' }),
    })
  }
})

describe('Model list with a dead node', () => {
  test('lists are answered while the dead node is silent, and no request waits for it', async () => {
    const [gateway, alive, dead] = await herd([
      { models: [model('alive:1b')] },
      { models: [model('dead:1b')] },
    ])
    dead?.blackhole(true)
    const asked = dead?.requestCount() ?? 0
    for (const path of ['/api/tags', '/v1/models', '/api/ps', '/api/version']) {
      const begin = performance.now()
      const response = await fetch(`${gateway.url}${path}`, {
        headers: { authorization: `Bearer ${gateway.key}` },
      })
      const text = await response.text()
      expect(response.status).toBe(200)
      expect(
        performance.now() - begin,
        'F2 promises 50 ms; this has four times the room',
      ).toBeLessThan(200)
      if (path === '/api/tags') expect(text).toContain('alive:1b')
      if (path === '/api/tags') expect(text).toContain('dead:1b')
    }
    const listed = (dead?.requests ?? []).slice(asked).map((request) => request.path)
    expect(listed.filter((path) => path !== '/' && path !== '/api/ps')).toEqual([])
    expect(alive?.requests.some((request) => request.path === '/v1/models')).toBe(false)
  })
})

describe('Index error, list filtered', () => {
  test('backends that come and go at any moment are a 500 for nobody', async () => {
    const [gateway, first, second, third] = await herd([{}, {}, {}])
    const statuses = new Map<number, number>()
    let stopped = false
    const client = async () => {
      while (!stopped) {
        const response = await ask(gateway, { body: { options: { num_predict: 2 } } })
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
        await response.text()
      }
    }
    const clients = Promise.all(Array.from({ length: 50 }, client))
    clients.catch(() => {})
    for (let round = 0; round < 8; round++) {
      const gone = round % 2 === 0 ? second : third
      const name = `gpu-${round % 2 === 0 ? 2 : 3}`
      await gateway.database.removeBackend(idOf(gateway, name), audit)
      await gateway.settled()
      await gateway.addBackend(gone?.url ?? '', { name })
    }
    stopped = true
    await clients
    expect([...statuses.keys()]).toEqual([200])
    expect(statuses.get(200)).toBeGreaterThan(100)
    expect(first && chats(first)).toBeGreaterThan(0)
    await waitFor(() => gateway.gateway.inFlight.count() === 0)
  }, 60_000)
})

describe('Tag equality', () => {
  test('llama3 is llama3:latest in any case and registry, and never llama3:70b', async () => {
    const [gateway] = await herd([{ models: [model('llama3:70b')] }, { models: [model('llama3')] }])
    const equal = [
      'llama3',
      'llama3:latest',
      'LLAMA3:Latest',
      'registry.ollama.ai/library/llama3',
      'library/llama3:latest',
    ]
    for (const name of equal) {
      const response = await ask(gateway, { body: { model: name } })
      expect(response.status, name).toBe(200)
      expect(response.headers.get('x-corral-backend'), name).toBe('gpu-2')
      await response.text()
    }
    const big = await ask(gateway, { body: { model: 'llama3:70b' } })
    expect(big.headers.get('x-corral-backend')).toBe('gpu-1')
    await big.text()
    const none = await ask(gateway, { body: { model: 'llama3:8b' } })
    expect(none.status).toBe(404)
    expect(await none.json()).toEqual({ error: "model 'llama3:8b' not found" })
  })
})

describe('Ghost model', () => {
  test('a model that a backend promised and has not is asked for elsewhere, and its catalogue is read again', async () => {
    const [gateway, ghost, real] = await herd([{}, {}])
    await gateway.database.updateBackend(idOf(gateway, 'gpu-1'), { priority: 1 }, audit)
    await gateway.database.updateFrontend(
      (await gateway.database.listFrontends())[0]?.id ?? '',
      { strategy: 'priority' },
      audit,
    )
    await gateway.settled()
    ghost?.setModels([model('another:1b')])
    const response = await ask(gateway)
    expect(response.status).toBe(200)
    expect(response.headers.get('x-corral-backend')).toBe('gpu-2')
    expect(response.headers.get('x-corral-attempts')).toBe('2')
    expect(readObjects(await response.text()).at(-1)).toMatchObject({ done: true })
    expect(real && chats(real)).toBe(1)
    await waitFor(() => view(gateway, 'gpu-1').catalogue?.size === 1)
    const next = await ask(gateway)
    expect(next.headers.get('x-corral-attempts')).toBe('1')
    await next.text()
  })
})

describe('Loop', () => {
  test('Corral behind itself is 508, and the client reads it once', async () => {
    const [gateway] = await herd([{}])
    const token = await gateway.addKey()
    await gateway.database.removeBackend(idOf(gateway, 'gpu-1'), audit)
    await gateway.addBackend(gateway.url, { name: 'itself', credential: token })
    await waitFor(() => gateway.gateway.fleet.views().every((each) => each.catalogue !== null))
    await gateway.database.updateFrontend(
      (await gateway.database.listFrontends())[0]?.id ?? '',
      { unknownModel: 'any' },
      audit,
    )
    await gateway.settled()
    const response = await ask(gateway)
    expect(response.status).toBe(508)
    expect(await response.json()).toHaveProperty('error')
    const isLoop = (record: UsageRecord) => record.errorCode === 'http.loop_detected'
    const records = await gateway.records((all) => all.some(isLoop))
    expect(records.filter(isLoop)).toHaveLength(1)
  })
})

const audit = {
  actor: 'test',
  actorUserId: null,
  via: 'cli',
  address: null,
  action: 'test',
  targetKind: 'backend',
  targetId: null,
  targetName: null,
} as const

function view(gateway: TestGateway, name: string) {
  const found = gateway.gateway.fleet.views().find((each) => each.name === name)
  if (!found) throw new Error(`no backend ${name}`)
  return found
}

function idOf(gateway: TestGateway, name: string): string {
  return view(gateway, name).id
}
