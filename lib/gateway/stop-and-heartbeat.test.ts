import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listInFlight } from '@/lib/admin/node-figures'
import { stopExchange } from '@/lib/admin/stop-exchange'
import { createUser } from '@/lib/admin/users'
import type { ExchangeReport } from '@/lib/db/contract'
import { type UsageRecord, usageOutcome } from '@/lib/schemas/usage-record'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { ask, generationPaths, readObjects } from '@/tests/lessons/generations'
import { startTestGateway, type TestGateway } from '@/tests/support/start-test-gateway'
import { waitFor } from '@/tests/support/wait-for'

/** A second is promised; noisy machines get four times the room. */
const withinMs = 4000

let ollama: Simulator
let corral: TestGateway

beforeAll(async () => {
  ollama = await startSimulator({ tokensPerSecond: 20, answerTokens: 2000 })
  corral = await startTestGateway({ backends: [ollama.url] })
})
afterEach(() => ollama.clearFaults())
afterAll(async () => {
  await corral?.stop()
  await ollama?.stop()
})

const idOf = (response: Response) => response.headers.get('x-request-id') ?? ''

async function recordOf(id: string): Promise<UsageRecord | undefined> {
  const records = await corral.records((all) => all.some((record) => record.id === id))
  return records.find((record) => record.id === id)
}
const askedOf = (id: string) => ollama.requests.filter((request) => request.rawHeaders.includes(id))

/** Of the only one in flight, once it is. */
async function idInFlight(): Promise<string> {
  await waitFor(() => [...corral.gateway.exchanges].length === 1)
  const [exchange] = corral.gateway.exchanges
  return exchange?.id ?? ''
}

async function reported(
  fits: (exchanges: ExchangeReport[]) => boolean = (all) => all.length > 0,
): Promise<ExchangeReport[]> {
  let exchanges: ExchangeReport[] = []
  await waitFor(async () => {
    exchanges = (await listInFlight(corral.context)).exchanges
    return fits(exchanges)
  })
  return exchanges
}

describe('the heartbeat', () => {
  test('tells what is in flight while it is, and no more when it has ended', async () => {
    const leave = new AbortController()
    const response = await ask(corral, { signal: leave.signal })
    const [one] = await reported(([first]) => (first?.bytesOut ?? 0) > 0)
    expect(one).toMatchObject({
      id: response.headers.get('x-request-id'),
      principal: 'admin',
      keyName: 'main',
      model: 'gemma3:270m',
      backendName: 'gpu-1',
      operation: 'chat',
      dialect: 'ollama',
      state: 'streaming',
    })
    leave.abort()
    await reported((all) => all.length === 0)
  })

  test('says what waits for its first byte, and lists the oldest hundred of more', async () => {
    ollama.addFault({ path: '/api/chat' }, { kind: 'hang' })
    const leave = new AbortController()
    const asked = Array.from({ length: 103 }, () =>
      ask(corral, { signal: leave.signal }).catch(() => null),
    )
    await waitFor(() => [...corral.gateway.exchanges].length === 103)
    const all = await reported((list) => list.length === 100)
    expect(new Set(all.map((one) => one.state))).toEqual(new Set(['dialling']))
    const oldest = [...corral.gateway.exchanges].slice(0, 100).map((exchange) => exchange.id)
    expect(all.map((one) => one.id).sort()).toEqual(oldest.sort())
    leave.abort()
    await Promise.all(asked)
    await waitFor(() => [...corral.gateway.exchanges].length === 0)
  })

  test('tells what each key has used of its window, and forgets it when the window is empty', async () => {
    const key = await corral.addKey({ rateLimit: { requests: 5, windowSeconds: 3 } })
    for (let i = 0; i < 3; i++) {
      await fetch(`${corral.url}/api/version`, { headers: { 'x-api-key': key } })
    }
    const uses = async () => {
      const nodes = await corral.database.listNodeReports({ seenSinceMs: 0 })
      return nodes.flatMap((node) => node.keyUses ?? [])
    }
    await corral.addKey({ name: 'unused' })
    let seen = 0
    await waitFor(async () => {
      const [use] = await uses()
      if (use) expect(use).toMatchObject({ limit: 5, windowSeconds: 3 })
      seen = Math.max(seen, use?.used ?? 0)
      return seen > 0
    })
    expect(seen).toBeLessThanOrEqual(3)
    await waitFor(async () => (await uses()).length === 0, { timeoutMs: 18_000 })
  })
})

const question = {
  model: 'gemma3:270m',
  max_tokens: 10,
  messages: [{ role: 'user' as const, content: 'Count.' }],
}
function askByOpenai() {
  const client = new OpenAI({ baseURL: `${corral.url}/v1`, apiKey: corral.key })
  return client.chat.completions.create(question)
}
function askByAnthropic() {
  const client = new Anthropic({ baseURL: corral.url, apiKey: corral.key })
  return client.messages.create(question)
}

describe('Stop', () => {
  test.each(generationPaths)(
    '%s: the stream ends with its own error, the backend at once',
    async (path) => {
      const response = await ask(corral, { path })
      const id = idOf(response)
      const text = response.text()
      await stopExchange(corral.context, { id })
      const askedAtMs = performance.now()
      const last = readObjects(await text).at(-1)
      expect(performance.now() - askedAtMs).toBeLessThan(withinMs)
      expect(JSON.stringify(last)).toContain('was stopped by its owner or an admin')
      await waitFor(() => askedOf(id)[0]?.abortedAt !== undefined)
      const record = await recordOf(id)
      expect(record).toMatchObject({ id, status: 503, errorCode: 'gateway.stopped' })
      expect(record && usageOutcome(record)).toBe('left')
      expect([...corral.gateway.exchanges].length).toBe(0)
      expect(corral.gateway.fleet.views()[0]?.circuitAllows).toBe(true)
    },
  )

  test('before the first byte the client reads 503, and nothing is sent again', async () => {
    ollama.addFault({ path: '/api/chat' }, { kind: 'hang' })
    const asked = ask(corral)
    const id = await idInFlight()
    // A report may still tell of the one before.
    await reported((all) => all.length === 1 && all[0]?.id === id && all[0].state === 'dialling')
    await stopExchange(corral.context, { id })
    const response = await asked
    expect(response.status).toBe(503)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toEqual({
      error: 'This request was stopped by its owner or an admin. Send it again only if they agree.',
    })
    await waitFor(() => askedOf(idOf(response))[0]?.abortedAt !== undefined)
    expect(askedOf(idOf(response))).toHaveLength(1)
    expect(await recordOf(idOf(response))).toMatchObject({
      status: 503,
      errorCode: 'gateway.stopped',
    })
  })

  test.each(['openai', 'anthropic'])('the package of %s does not send it again', async (name) => {
    // The questions of health are answered: without them it would be no more asked at all.
    ollama.addFault({ method: 'POST' }, { kind: 'hang' })
    const asked = name === 'openai' ? askByOpenai() : askByAnthropic()
    const failed = expect(asked).rejects.toMatchObject({ status: 503 })
    await stopExchange(corral.context, { id: await idInFlight() })
    await failed
    expect([...corral.gateway.exchanges].length).toBe(0)
  })

  test('a member stops their own and nobody else’s, and the audit says who did', async () => {
    const { context } = corral
    const { user } = await createUser(context, { name: 'ada', role: 'member' })
    const asAda = {
      ...context,
      actor: {
        kind: 'user' as const,
        id: user.id,
        name: 'ada',
        role: 'member' as const,
        via: 'console' as const,
        address: '192.0.2.1',
      },
    }
    const key = await corral.addKey({ owner: 'ada' })
    const [own, other] = await Promise.all([ask(corral, { key }), ask(corral)])
    const both = [idOf(own), idOf(other)]
    await reported((all) => both.every((id) => all.some((one) => one.id === id)))
    await expect(stopExchange(asAda, { id: idOf(other) })).rejects.toMatchObject({
      code: 'admin.not_found',
    })
    await stopExchange(asAda, { id: idOf(own) })
    expect(await own.text()).toContain('was stopped')
    const [row] = await corral.database.listAudit({ limit: 1 })
    expect(row).toMatchObject({ actor: 'ada', action: 'request.stop', targetId: idOf(own) })
    await stopExchange(context, { id: idOf(other) })
    await other.text()
    await recordOf(idOf(other))
    await reported((all) => all.length === 0)
    await expect(stopExchange(context, { id: idOf(other) })).rejects.toMatchObject({
      code: 'admin.not_found',
    })
    await expect(stopExchange(context, { id: 'nonsense' })).rejects.toMatchObject({
      code: 'admin.not_found',
    })
  })
})
