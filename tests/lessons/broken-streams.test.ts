import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { normalizeModelName } from '@/lib/core/model-name'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { type Fault, type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'
import { ask, type GenerationPath, generationPaths, readObjects } from './generations'

let one: Simulator
let other: Simulator
let corral: TestGateway
const simulators = () => [one, other]

beforeAll(async () => {
  one = await startSimulator({ answerTokens: 40 })
  other = await startSimulator({ answerTokens: 40 })
  corral = await startTestGateway({
    backends: [one.url, other.url],
    // Each test breaks streams on purpose: a circuit that opens is another test's matter.
    settings: { circuitFailures: 1000, circuitOpenMs: 100, healthIntervalMs: 200 },
  })
})
afterEach(async () => {
  for (const simulator of simulators()) simulator.clearFaults()
  await allHealthy()
})
afterAll(async () => {
  await corral?.stop()
  for (const simulator of simulators()) await simulator?.stop()
})

const model = normalizeModelName('gemma3:270m')
const allHealthy = () =>
  waitFor(() =>
    corral.gateway.fleet
      .views()
      .every(
        (view) => view.health === 'healthy' && view.circuitAllows && view.circuitAllowsModel(model),
      ),
  )

const generated = (path: string) =>
  simulators().flatMap((simulator) => simulator.requests.filter((request) => request.path === path))

function halfLine(end: 'end' | 'destroy'): Fault {
  // biome-ignore lint/suspicious/noThenProperty: the simulator's word for what comes next.
  return { kind: 'half-line', afterFrames: 6, then: end }
}

/** Each way in which a stream can end before its end, in every dialect. */
const endings: Record<string, Fault> = {
  'the socket dies': { kind: 'die', afterFrames: 6 },
  'the socket is closed cleanly': { kind: 'end', afterFrames: 6 },
  'half a line, then a clean end': halfLine('end'),
  'half a line, then the socket dies': halfLine('destroy'),
  'the process of the model dies': { kind: 'crash', afterTokens: 6 },
}

/** The error by which each dialect ends its stream. */
function expectDialectError(path: GenerationPath, text: string): void {
  const last = readObjects(text).at(-1)
  switch (path) {
    case '/api/chat':
    case '/api/generate':
      expect(last).toEqual({ error: expect.any(String) })
      break
    case '/v1/messages':
      expect(text).toContain('event: error\n')
      expect(last).toMatchObject({ type: 'error', error: { message: expect.any(String) } })
      break
    case '/v1/responses':
      expect(text).toContain('event: error\n')
      expect(last).toMatchObject({ type: 'error', message: expect.any(String) })
      break
    default:
      expect(last).toMatchObject({ error: { message: expect.any(String) } })
      expect(text).not.toContain('[DONE]')
  }
}

const broken: string[] = []
const refused: { id: string; status: number }[] = []

async function recordsOf(ids: string[]): Promise<UsageRecord[]> {
  const all = await corral.records((records) => {
    const written = new Set(records.map((record) => record.id))
    return ids.every((id) => written.has(id))
  })
  return all.filter((record) => ids.includes(record.id))
}

describe('Mid-stream failure, and a clean end that is none', () => {
  for (const path of generationPaths) {
    for (const [name, fault] of Object.entries(endings)) {
      test(`${path}, ${name}: the dialect's own error ends the stream`, async () => {
        const before = generated(path).length
        for (const simulator of simulators()) {
          const match = fault.kind === 'crash' ? { path, model: 'gemma3:270m' } : { path }
          simulator.addFault(match, fault)
        }
        const response = await ask(corral, { path })
        expect(response.status).toBe(200)
        const text = await response.text()
        expectDialectError(path, text)
        expect(generated(path).length - before, 'one generation').toBe(1)
        broken.push(response.headers.get('x-request-id') ?? '')
      })
    }
  }

  test('the record of each of them says error, and one attempt', async () => {
    const records = await recordsOf(broken)
    expect(records).toHaveLength(generationPaths.length * Object.keys(endings).length)
    for (const record of records) {
      expect(record).toMatchObject({
        status: 502,
        errorCode: 'backends.broke_off',
        errorText: expect.any(String),
        attempts: 1,
      })
    }
  })
})

test('Retry after bytes: a stream that died after its first token is never generated again', async () => {
  const counted = () => generated('/api/chat').length
  const before = counted()
  for (const simulator of simulators()) {
    simulator.addFault({ path: '/api/chat' }, { kind: 'die', afterFrames: 1 })
  }
  const answers = await Promise.all(
    Array.from({ length: 10 }, async () => (await ask(corral)).text()),
  )
  for (const text of answers) expect(readObjects(text).at(-1)).toHaveProperty('error')
  expect(counted() - before).toBe(10)
})

test('Retry: a stream that died before its first byte is made elsewhere, and the client sees one answer', async () => {
  one.addFault({ path: '/api/chat' }, { kind: 'refuse' })
  for (let round = 0; round < 4; round++) {
    const response = await ask(corral)
    const objects = readObjects(await response.text())
    expect(response.headers.get('x-corral-backend')).toBe('gpu-2')
    expect(objects.filter((object) => object.done === true)).toHaveLength(1)
  }
})

describe('Error as 200', () => {
  const refusals: Record<string, { fault: Fault; status: number }> = {
    'a model that does not fit': { fault: { kind: 'out-of-memory' }, status: 500 },
    'a full queue': { fault: { kind: 'busy' }, status: 503 },
    'a limit of the backend': { fault: { kind: 'status', status: 429 }, status: 429 },
    'a refusal of the backend': { fault: { kind: 'status', status: 418 }, status: 418 },
  }
  for (const path of generationPaths) {
    for (const [name, { fault, status }] of Object.entries(refusals)) {
      test(`${path}: ${name} is ${status} before any byte of a stream`, async () => {
        for (const simulator of simulators()) {
          simulator.addFault({ path, model: 'gemma3:270m' }, fault)
        }
        const response = await ask(corral, { path })
        expect(response.status).toBe(status)
        expect(response.headers.get('content-type')).toMatch(/^application\/json/)
        expect(JSON.parse(await response.text())).toHaveProperty('error')
        refused.push({ id: response.headers.get('x-request-id') ?? '', status })
      })
    }
    test(`${path}: our own refusals have their status first`, async () => {
      const unknown = await ask(corral, { path, body: { model: 'nobody-has-this' } })
      expect(unknown.status).toBe(404)
      expect(await unknown.json()).toHaveProperty('error')
      const stranger = await ask(corral, { path, key: 'op_0000000000_x' })
      expect(stranger.status).toBe(401)
      expect(await stranger.json()).toHaveProperty('error')
    })
  }

  test('the record of each refusal has the status that the client read', async () => {
    const records = await recordsOf(refused.map(({ id }) => id))
    const statuses = new Map(records.map((record) => [record.id, record.status]))
    for (const { id, status } of refused) expect(statuses.get(id)).toBe(status)
  })
})
