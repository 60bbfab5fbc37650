import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'

/** What we promise is 250 ms; noisy machines get four times the room. */
const abortRoomMs = 1000

let one: Simulator
let other: Simulator
let corral: TestGateway

beforeAll(async () => {
  one = await startSimulator({ tokensPerSecond: 50, answerTokens: 2000 })
  other = await startSimulator({ tokensPerSecond: 50, answerTokens: 2000 })
  corral = await startTestGateway({ backends: [one.url, other.url] })
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

const bodies = {
  '/api/chat': { model: 'gemma3:270m', messages: [{ role: 'user', content: 'Tell me all.' }] },
  '/v1/chat/completions': {
    model: 'gemma3:270m',
    messages: [{ role: 'user', content: 'Tell me all.' }],
  },
  '/v1/messages': {
    model: 'gemma3:270m',
    max_tokens: 2000,
    messages: [{ role: 'user', content: 'Tell me all.' }],
  },
} as const
type Path = keyof typeof bodies

async function call(path: Path, stream: boolean, signal: AbortSignal): Promise<Response> {
  return fetch(`${corral.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': corral.key },
    body: JSON.stringify({ ...bodies[path], stream }),
    signal,
  })
}

function seen(path: Path) {
  return [...one.requests, ...other.requests].filter((request) => request.path === path)
}

/** Leaves in a phase, and holds Corral to every promise about a client that is gone. */
async function leave(input: {
  path: Path
  stream: boolean
  until(response: Promise<Response>): Promise<unknown>
}): Promise<void> {
  const { path, stream } = input
  const before = seen(path).length
  const recordsBefore = (await corral.database.listUsageRecords({ limit: 1000 })).length
  const abort = new AbortController()
  const response = call(path, stream, abort.signal)
  response.catch(() => {})
  await input.until(response)
  const leftAt = performance.now()
  abort.abort()
  await waitFor(
    () => seen(path).length > before && seen(path).every((r) => r.abortedAt !== undefined),
  )
  const [request, ...more] = seen(path).slice(before)
  expect(more, 'no second attempt').toEqual([])
  expect((request?.abortedAt ?? Infinity) - leftAt).toBeLessThan(abortRoomMs)
  await waitFor(() => corral.gateway.inFlight.count() === 0)
  expect(corral.gateway.fleet.views().map((view) => view.inFlight)).toEqual([0, 0])
  const records = await corral.records((all) => all.length > recordsBefore)
  expect(records).toHaveLength(recordsBefore + 1)
  expect(records.at(-1)).toMatchObject({
    status: 499,
    errorCode: 'gateway.client_left',
    attempts: 1,
  })
}

const reached = (path: Path) => {
  const before = seen(path).length
  return () => waitFor(() => seen(path).length > before)
}

for (const path of Object.keys(bodies) as Path[]) {
  for (const stream of [true, false]) {
    test(`${path}, stream ${stream}: leaving before headers stops the backend`, async () => {
      one.addFault({ path }, { kind: 'hang' })
      other.addFault({ path }, { kind: 'hang' })
      await leave({ path, stream, until: reached(path) })
    })
  }

  test(`${path}: leaving a running answer that does not stream stops the generation`, async () => {
    await leave({
      path,
      stream: false,
      until: () => waitFor(() => one.inFlight() + other.inFlight() === 1),
    })
  })

  test(`${path}: leaving after headers and before the first token stops the backend`, async () => {
    one.addFault({ path }, { kind: 'stall', afterFrames: path === '/v1/messages' ? 2 : 1 })
    other.addFault({ path }, { kind: 'stall', afterFrames: path === '/v1/messages' ? 2 : 1 })
    await leave({ path, stream: true, until: async (response) => (await response).status })
  })

  test(`${path}: leaving in mid-stream stops the generation and keeps the counts so far`, async () => {
    await leave({
      path,
      stream: true,
      until: async (response) => {
        const reader = (await response).body?.getReader()
        for (let i = 0; i < 5; i++) await reader?.read()
      },
    })
    const record = (await corral.records()).at(-1)
    expect(record?.completionTokens).toBeGreaterThan(0)
    expect(record?.tokensEstimated).toBe(true)
    expect(record?.timeToFirstTokenMs).not.toBeNull()
  })
}

test('a hundred clients that hang up open no circuit: the next call is answered', async () => {
  for (const simulator of [one, other]) simulator.addFault({ path: '/api/chat' }, { kind: 'hang' })
  for (let round = 0; round < 10; round++) {
    const before = seen('/api/chat').length
    const aborts = Array.from({ length: 10 }, () => new AbortController())
    const calls = aborts.map((abort) => call('/api/chat', true, abort.signal).catch(() => null))
    await waitFor(() => seen('/api/chat').length === before + 10)
    for (const abort of aborts) abort.abort()
    await Promise.all(calls)
  }
  for (const simulator of [one, other]) simulator.clearFaults()
  await waitFor(() => corral.gateway.inFlight.count() === 0)
  const response = await call('/api/chat', true, AbortSignal.timeout(5000))
  expect(response.status).toBe(200)
  await response.body?.cancel()
})
