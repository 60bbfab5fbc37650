import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { ask, generationPaths, readObjects } from './generations'

let ollama: Simulator
let corral: TestGateway

beforeAll(async () => {
  ollama = await startSimulator({ answerTokens: 23 })
  corral = await startTestGateway({ backends: [ollama.url] })
})
afterAll(async () => {
  await corral?.stop()
  await ollama?.stop()
})

type Counts = { prompt: number; completion: number }
/** What each answer must be recorded as, by request id: looked up at the end, in one go. */
const reported = new Map<string, { counts: Counts; stream: boolean; estimated: boolean }>()

async function meter(
  response: Response,
  before: Counts,
): Promise<{ text: string; counts: Counts }> {
  const text = await response.text()
  expect(response.status, text).toBe(200)
  const after = ollama.tokensReported()
  const counts = {
    prompt: after.prompt - before.prompt,
    completion: after.completion - before.completion,
  }
  return { text, counts }
}

function note(response: Response, counts: Counts, how: { stream: boolean; estimated?: boolean }) {
  const { stream, estimated = false } = how
  reported.set(response.headers.get('x-request-id') ?? '', { counts, stream, estimated })
}

describe('Metering', () => {
  for (const path of generationPaths) {
    for (const stream of [true, false]) {
      test(`${path}, stream ${stream}: counted`, async () => {
        const before = ollama.tokensReported()
        const response = await ask(corral, { path, body: { stream } })
        const { counts } = await meter(response, before)
        // A stream of /v1/completions carries no usage: it is counted here, and marked so.
        const estimated = path === '/v1/completions' && stream
        if (!estimated) expect(counts.completion).toBeGreaterThan(0)
        note(response, counts, { stream, estimated })
      })
    }
  }

  test('/v1/chat/completions: usage that the client asked for reaches it', async () => {
    const before = ollama.tokensReported()
    const response = await ask(corral, {
      path: '/v1/chat/completions',
      body: { stream_options: { include_usage: true } },
    })
    const { text, counts } = await meter(response, before)
    expect(readObjects(text).at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: counts.prompt, completion_tokens: counts.completion },
    })
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true)
    note(response, counts, { stream: true })
  })

  test('/v1/chat/completions: usage that only we asked for is taken out again', async () => {
    const before = ollama.tokensReported()
    const response = await ask(corral, { path: '/v1/chat/completions' })
    const { text, counts } = await meter(response, before)
    expect(text).not.toContain('"usage"')
    expect(readObjects(text).every((object) => (object.choices as unknown[]).length > 0)).toBe(true)
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true)
    const sent = ollama.requests.at(-1)?.body.toString() ?? ''
    expect(JSON.parse(sent)).toMatchObject({ stream_options: { include_usage: true } })
    note(response, counts, { stream: true })
  })

  test('tools and thinking are counted as the server counts them', async () => {
    for (const model of ['tooly:270m', 'thinky:270m']) {
      const before = ollama.tokensReported()
      const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }]
      const response = await ask(corral, { body: { model, tools } })
      const { counts } = await meter(response, before)
      note(response, counts, { stream: true })
    }
  })

  const embeddings = {
    '/api/embed': { model: 'embed:270m', input: ['one text', 'and another one'] },
    '/api/embeddings': { model: 'embed:270m', prompt: 'one text' },
    '/v1/embeddings': { model: 'embed:270m', input: 'one text and more' },
  }
  for (const [path, body] of Object.entries(embeddings)) {
    test(`${path}: counted`, async () => {
      const before = ollama.tokensReported()
      const response = await fetch(`${corral.url}${path}`, {
        method: 'POST',
        headers: { 'x-api-key': corral.key },
        body: JSON.stringify(body),
      })
      const { text, counts } = await meter(response, before)
      // /api/embeddings tells no count: what stands in its record is an estimate.
      const told = /"(prompt_eval_count|prompt_tokens)":(\d+)/.exec(text)?.[2]
      if (told !== undefined) {
        expect(counts.prompt).toBe(Number(told))
        note(response, counts, { stream: false })
        return
      }
      const id = response.headers.get('x-request-id')
      const records = await corral.records((all) => all.some((one) => one.id === id))
      const record = records.find((one) => one.id === id)
      expect(record).toMatchObject({ status: 200, tokensEstimated: true, completionTokens: 0 })
      expect(record?.promptTokens).toBeGreaterThan(0)
    })
  }

  test('each record equals what the server reported, to the token', async () => {
    const records = await corral.records((all) =>
      [...reported.keys()].every((id) => all.some((record) => record.id === id)),
    )
    const byId = new Map<string, UsageRecord>(records.map((record) => [record.id, record]))
    expect(reported.size).toBeGreaterThanOrEqual(generationPaths.length * 2 + 6)
    for (const [id, { counts, stream, estimated }] of reported) {
      const record = byId.get(id)
      expect(record?.stream ?? false, record?.path).toBe(stream)
      expect(record?.tokensEstimated, record?.path).toBe(estimated)
      expect(record?.status).toBe(200)
      if (estimated) {
        expect(record?.completionTokens).toBeGreaterThan(0)
        continue
      }
      expect(
        { prompt: record?.promptTokens ?? 0, completion: record?.completionTokens ?? 0 },
        record?.path,
      ).toEqual(counts)
    }
  })

  test('a record is written when the stream has ended, never before', async () => {
    const slow = await startSimulator({ answerTokens: 100, tokensPerSecond: 50, name: 'slow' })
    await corral.addBackend(slow.url, { name: 'slow' })
    const response = await ask(corral, { headers: { 'X-Corral-Backend': 'slow' } })
    const reader = response.body?.getReader()
    await reader?.read()
    const records = await corral.database.listUsageRecords({ limit: 1000 })
    const id = response.headers.get('x-request-id')
    expect(records.some((record) => record.id === id)).toBe(false)
    while (!(await reader?.read())?.done) {
      // Read to the end.
    }
    const found = await corral.records((all) => all.some((record) => record.id === id))
    expect(found.find((record) => record.id === id)?.completionTokens).toBe(100)
    await slow.stop()
  })
})
