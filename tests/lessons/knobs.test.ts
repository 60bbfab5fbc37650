import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '@libsql/client'
import { afterEach, describe, expect, test } from 'vitest'
import { log } from '@/lib/core/log'
import { type SettingName, type Settings, settingNames } from '@/lib/schemas/settings'
import { pruneUsage } from '@/lib/usage/prune'
import { serveRequests } from '@/server/serve-requests'
import {
  type Fault,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '@/simulator/start-simulator'
import { type ConsoleSettingName, consoleSettingNames } from '../console/console-knobs'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'
import { ask } from './generations'
import { listenAndNeverAccept } from './listen-and-never-accept'

/** L2 promises a second; noisy machines get four times the room. */
const liveWithinMs = 4000

let herd: Simulator[] = []
let corral: TestGateway

afterEach(async () => {
  await corral?.stop()
  for (const simulator of herd) await simulator.stop()
  herd = []
})

type Case = {
  /** The machines behind Corral; one plain one where nothing is said. */
  machines?: SimulatorOptions[]
  /** Set before the change, so that the case is quick or visible at all. */
  given?: Partial<Settings>
  value: unknown
  /** What an operator or a client can see: it must differ before and after the change. */
  observe: () => Promise<unknown>
  /** What is known to be seen before, where looking would take minutes. */
  before?: unknown
  patienceMs?: number
}

const first = () => herd[0] as Simulator
const status = async (response: Promise<Response>) => {
  const { status: code, body } = await response
  await body?.cancel()
  return code
}
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${corral.url}${path}`, { headers: { 'x-api-key': corral.key, ...headers } })
const view = () => {
  const [found] = corral.gateway.fleet.views()
  if (!found) throw new Error('no backend')
  return found
}
/** Requests of a path within so many ms. */
const countDuring = async (path: string, ms: number) => {
  const count = () => first().requests.filter((request) => request.path === path).length
  const before = count()
  await wait(ms)
  return count() - before
}
const fast = { healthIntervalMs: 100, circuitFailures: 1000 }

/** Every setting but the console's, changed to `value`: something observable must change. */
const cases: Record<Exclude<SettingName, ConsoleSettingName>, Case> = {
  timezone: {
    value: 'Pacific/Kiritimati',
    // A day begins elsewhere: the roll-ups of days are made again.
    observe: async () => {
      await status(ask(corral))
      await corral.records()
      return query("SELECT DISTINCT begin_ms FROM usage_rollups WHERE span = 'day'")
    },
  },
  accountSpending: {
    value: true,
    observe: () => status(ask(corral, { body: { model: 'gpt-oss:20b-cloud' } })),
  },
  healthDetails: {
    given: { trustedNetworks: [] },
    value: 'trusted',
    observe: async () =>
      Object.keys((await (await fetch(`${corral.url}/health`)).json()) as object),
  },
  rateLimitRequests: {
    value: 1,
    observe: async () => {
      await status(get('/api/version'))
      return status(get('/api/version'))
    },
  },
  rateLimitWindowSeconds: {
    given: { rateLimitRequests: 1, rateLimitWindowSeconds: 86_400 },
    value: 1,
    observe: async () => {
      await status(get('/api/version'))
      await wait(2200)
      return status(get('/api/version'))
    },
  },
  inFlightMax: {
    machines: [{ tokensPerSecond: 20, answerTokens: 1000 }],
    value: 1,
    observe: async () => {
      const leave = new AbortController()
      await ask(corral, { signal: leave.signal })
      const second = await status(get('/api/version'))
      leave.abort()
      await waitFor(() => corral.gateway.inFlight.count() === 0)
      return second
    },
  },
  trustedNetworks: {
    given: { healthDetails: 'trusted' },
    value: [],
    observe: async () =>
      Object.keys((await (await fetch(`${corral.url}/health`)).json()) as object),
  },
  corsOrigins: {
    value: ['https://only.example.com'],
    observe: () => status(get('/api/version', { origin: 'http://localhost' })),
  },
  attemptsMax: {
    machines: [{}, {}],
    given: fast,
    value: 1,
    observe: () => attemptsOf({ kind: 'status', status: 503 }),
  },
  attemptBudgetMs: {
    given: { ...fast, healthIntervalMs: 60_000, healthTimeoutMs: 60_000, headersTimeoutMs: 0 },
    value: 100,
    observe: timeToGiveUpConnecting,
  },
  memoryDefaultGb: {
    value: 5000,
    observe: async () => {
      await corral.database.updateBackend(view().id, { maxMemoryGb: 100 }, audit)
      const [frontend] = await corral.database.listFrontends()
      await corral.database.updateFrontend(frontend?.id ?? '', { unknownModel: 'any' }, audit)
      await corral.settled()
      return status(ask(corral, { body: { model: 'of-no-known-size' } }))
    },
  },
  whenNothingFits: {
    value: 'largest',
    observe: async () => {
      await corral.database.updateBackend(view().id, { maxMemoryGb: 0.01 }, audit)
      await corral.settled()
      return status(ask(corral))
    },
  },
  labelHeader: {
    value: 'X-My-Label',
    observe: () => status(ask(corral, { headers: { 'X-My-Label': 'gpu=none' } })),
  },
  circuitFailures: {
    given: { circuitOpenMs: 60_000, healthIntervalMs: 60_000 },
    value: 1,
    observe: async () => {
      first().addFault({ path: '/api/chat' }, { kind: 'status', status: 503 }, 1)
      await status(ask(corral))
      return view().circuitAllows
    },
  },
  circuitOpenMs: {
    machines: [{}, {}],
    given: { circuitFailures: 1, healthIntervalMs: 60_000, circuitOpenMs: 60_000 },
    value: 100,
    // Another backend each time: an open circuit keeps the time with which it opened.
    observe: async () => {
      const fresh = corral.gateway.fleet.views().findIndex((each) => each.circuitAllows)
      herd[fresh]?.addFault({ path: '/api/chat' }, { kind: 'status', status: 503 }, 1)
      const pin = { 'X-Corral-Backend': `gpu-${fresh + 1}` }
      await status(ask(corral, { headers: pin }))
      await wait(400)
      return corral.gateway.fleet.views()[fresh]?.circuitAllows
    },
  },
  healthIntervalMs: { value: 100, observe: async () => (await countDuring('/', 1500)) > 3 },
  healthTimeoutMs: {
    given: { healthIntervalMs: 100, healthDegradedMs: 10_000 },
    value: 100,
    observe: async () => {
      first().addFault({ path: '/' }, { kind: 'hang', ms: 800 })
      await wait(1600)
      const { health } = view()
      first().clearFaults()
      return health === 'unhealthy'
    },
  },
  healthDegradedMs: {
    given: { healthIntervalMs: 100 },
    value: 50,
    observe: async () => {
      first().addFault({ path: '/' }, { kind: 'hang', ms: 400 })
      await wait(1200)
      const { health } = view()
      first().clearFaults()
      return health
    },
  },
  healthDownAfter: {
    given: { healthIntervalMs: 100 },
    value: 100,
    observe: async () => {
      first().clearFaults()
      await waitFor(() => view().health === 'healthy')
      first().addFault({ path: '/' }, { kind: 'status', status: 500 })
      await wait(1500)
      return view().health
    },
  },
  healthUpAfter: {
    given: { healthIntervalMs: 100 },
    value: 100,
    observe: async () => {
      first().addFault({ path: '/' }, { kind: 'status', status: 500 })
      await waitFor(() => view().health === 'unhealthy')
      first().clearFaults()
      await wait(1500)
      return view().health
    },
  },
  catalogueIntervalMs: {
    value: 1000,
    observe: async () => (await countDuring('/api/tags', 2500)) > 0,
  },
  loadedIntervalMs: {
    machines: [{ tokensPerSecond: 20, answerTokens: 1000 }],
    value: 200,
    observe: async () => {
      const leave = new AbortController()
      await ask(corral, { signal: leave.signal })
      const count = await countDuring('/api/ps', 2000)
      leave.abort()
      return count > 4
    },
  },
  connectTimeoutMs: {
    given: { ...fast, healthIntervalMs: 60_000, healthTimeoutMs: 60_000, headersTimeoutMs: 0 },
    value: 50,
    observe: timeToGiveUpConnecting,
  },
  headersTimeoutMs: {
    value: 300,
    observe: () => slowAnswer({ kind: 'hang', ms: 2000 }),
  },
  bodyTimeoutMs: {
    value: 300,
    observe: () => slowAnswer({ kind: 'stall', afterFrames: 2, ms: 2500 }),
  },
  requestHeadTimeoutMs: {
    value: 1000,
    before: 'still waiting',
    observe: sendHalfAHead,
    patienceMs: 60_000,
  },
  requestTimeoutMs: {
    value: 200,
    // Node looks at its connections every 5 s; the file that waits 400 s proves that 0 is none.
    before: 'still waiting',
    observe: sendHalfABody,
    patienceMs: 60_000,
  },
  shutdownMs: {
    value: 300,
    // The test of SIGTERM proves the other side: answers that may finish, do.
    before: 'the answer was whole',
    observe: () => closeUnderStream(corral.gateway.snapshot?.settings.shutdownMs ?? 30_000),
  },
  jsonBodyBytesMax: {
    value: 2000,
    observe: () => status(ask(corral, { body: { options: { pad: 'x'.repeat(3000) } } })),
  },
  uploadBytesMax: {
    value: 10,
    observe: () =>
      status(
        fetch(`${corral.url}/api/blobs/sha256:${'0'.repeat(64)}`, {
          method: 'POST',
          headers: { 'x-api-key': corral.key },
          body: 'more than ten bytes',
        }),
      ),
  },
  extraPaths: {
    value: ['/api/extra'],
    observe: async () => (await get('/api/extra')).headers.has('x-corral-backend'),
  },
  refuseHttp10: { value: true, observe: askHttp10 },
  routeHeaders: {
    value: false,
    observe: async () => (await ask(corral)).headers.has('x-corral-backend'),
  },
  recordsDays: {
    value: 1,
    observe: async () => {
      await prune()
      return query('SELECT count(*) AS rows FROM usage_records')
    },
  },
  rollupsDays: {
    value: 1,
    observe: async () => {
      await prune()
      return query("SELECT count(*) AS rows FROM usage_rollups WHERE span = 'quarter'")
    },
  },
  contentRetentionDays: {
    given: { captureContent: true },
    value: 1,
    observe: async () => {
      await capture()
      await prune()
      return query('SELECT count(*) FROM captured_content')
    },
  },
  captureContent: { value: true, observe: async () => (await capture()).length > 0 },
  captureCharsMax: {
    given: { captureContent: true },
    value: 100,
    observe: async () => (await capture()).map((text) => text.length > 100),
  },
  captureRedactions: {
    given: { captureContent: true },
    value: ['T[a-z]+ me'],
    observe: async () => (await capture()).map((text) => text.includes('[redacted]')),
  },
  logLevel: { value: 'fatal', observe: async () => log.level },
}

describe('Dead knobs: every setting changes something that can be seen, within a second', () => {
  test('every setting has a case', () => {
    const covered = [...Object.keys(cases), ...consoleSettingNames]
    expect(covered.sort()).toEqual([...settingNames].sort())
  })

  for (const [name, one] of Object.entries<Case>(cases)) {
    const { machines = [{}], given = {}, value, observe, patienceMs = 20_000, ...rest } = one
    test(
      `${name}`,
      async () => {
        for (const machine of machines) herd.push(await startSimulator(machine))
        corral = await startTestGateway({
          backends: herd.map((simulator) => simulator.url),
          settings: given,
        })
        await waitFor(() => corral.gateway.fleet.views().every((each) => each.catalogue !== null))
        const before = 'before' in rest ? rest.before : await observe()
        const changedAtMs = performance.now()
        await corral.set({ [name]: value })
        expect(performance.now() - changedAtMs, 'the change is in force').toBeLessThan(liveWithinMs)
        let after: unknown = before
        await waitFor(
          async () => {
            after = await observe()
            return JSON.stringify(after) !== JSON.stringify(before)
          },
          {
            timeoutMs: patienceMs,
            what: `a difference that ${name} makes (${JSON.stringify(before)})`,
          },
        )
        expect(after).not.toEqual(before)
      },
      patienceMs * 2,
    )
  }
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

async function query(sql: string): Promise<unknown> {
  const client = createClient({ url: `file:${path.join(corral.dataFolder, 'corral.db')}` })
  try {
    return (await client.execute(sql)).rows.map((row) => Object.values(row).map(String))
  } finally {
    client.close()
  }
}

async function attemptsOf(fault: Fault): Promise<string | null> {
  for (const simulator of herd) simulator.addFault({ path: '/api/chat' }, fault, 1)
  const response = await ask(corral)
  await response.text()
  for (const simulator of herd) simulator.clearFaults()
  return response.headers.get('x-corral-attempts')
}

async function slowAnswer(fault: Fault): Promise<string> {
  first().addFault({ path: '/api/chat' }, fault, 1)
  const response = await ask(corral)
  const text = await response.text()
  return `${response.status} ${text.includes('"error"')}`
}

async function askHttp10(): Promise<string> {
  return exchangeBytes(`GET /api/version HTTP/1.0\r\nx-api-key: ${corral.key}\r\n\r\n`)
}

/** A body that never comes whole: what the server says, once it has waited long enough. */
async function sendHalfABody(): Promise<string> {
  const head = `POST /api/chat HTTP/1.1\r\nHost: c\r\nx-api-key: ${corral.key}\r\nContent-Length: 99\r\n\r\n{`
  return exchangeBytes(head)
}

function sendHalfAHead(): Promise<string> {
  return exchangeBytes('POST /api/chat HTTP/1.1\r\nHost: c\r\n')
}

function exchangeBytes(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(corral.port, '127.0.0.1', () => socket.write(request))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''))
  })
}

/** A request that was answered, and what was kept of its prompt within a second. */
async function capture(): Promise<string[]> {
  const messages = [{ role: 'user', content: `Tell me about ${'llamas '.repeat(50)}` }]
  const response = await ask(corral, { body: { messages } })
  await response.text()
  await wait(1200)
  const id = response.headers.get('x-request-id')
  const rows = await query(`SELECT prompt FROM captured_content WHERE record_id = '${id}'`)
  return (rows as string[][]).flat()
}

/** Two days on, with what the settings say now: what the hourly duty would do then. */
async function prune(): Promise<void> {
  const { snapshot } = corral.gateway
  if (!snapshot) throw new Error('no settings')
  await status(ask(corral))
  const recorded = async () => (await corral.database.listUsageRecords({ limit: 1 })).length > 0
  await waitFor(recorded)
  await pruneUsage({
    db: corral.database,
    retention: snapshot.settings,
    nowMs: Date.now() + 2.5 * 86_400_000,
    signal: new AbortController().signal,
  })
}

/** A door of its own, closed while an answer runs, as SIGTERM closes it. */
async function closeUnderStream(milliseconds: number): Promise<string> {
  const slow = await startSimulator({ tokensPerSecond: 20, answerTokens: 2000 })
  herd.push(slow)
  await corral.addBackend(slow.url, { name: `slow-${herd.length}` })
  const server = createServer({ requestTimeout: 0 })
  const door = serveRequests(server, { trustedProxies: [] })
  door.open(corral.gateway, { address: () => null, stop: async () => {} })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const response = await ask(
    { url: `http://127.0.0.1:${port}`, key: corral.key },
    { headers: { 'X-Corral-Backend': `slow-${herd.length}` } },
  )
  const text = response.text().then(
    () => 'the answer was whole',
    () => 'the answer was cut',
  )
  await door.close(milliseconds)
  return text
}

/** How long a machine that lets no connection in is waited for, in whole seconds. */
async function timeToGiveUpConnecting(): Promise<boolean> {
  const full = await listenAndNeverAccept()
  const [frontend] = await corral.database.listFrontends()
  await corral.database.updateFrontend(frontend?.id ?? '', { unknownModel: 'any' }, audit)
  await corral.database.updateBackend(view().id, { url: `http://127.0.0.1:${full.port}` }, audit)
  await waitFor(() => corral.gateway.fleet.find(view().id)?.url.endsWith(`:${full.port}`) ?? false)
  const begin = performance.now()
  await status(ask(corral))
  const elapsedMs = performance.now() - begin
  full.stop()
  return elapsedMs < 2500
}
