import Anthropic from '@anthropic-ai/sdk'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchangeRaw } from './raw-exchange'
import { type Simulator, startSimulator } from './start-simulator'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.stop())

const TOOL = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Weather for a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const HELLO = [{ role: 'user' as const, content: 'hello' }]

function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  return fetch(`${simulator.url}${path}`, { method: 'POST', body, headers })
}

test('the ollama package: list, show, chat, stream, tools, thinking, embed, pull, copy, delete', async () => {
  const ollama = new Ollama({ host: simulator.url })
  expect((await ollama.list()).models.map((model) => model.name)).toContain('gemma3:270m')
  expect((await ollama.show({ model: 'tooly:270m' })).capabilities).toContain('tools')
  expect((await ollama.chat({ model: 'gemma3:270m', messages: HELLO })).message.content).not.toBe(
    '',
  )
  let streamed = ''
  for await (const part of await ollama.generate({
    model: 'gemma3:270m',
    prompt: 'x',
    stream: true,
  })) {
    streamed += part.response
  }
  expect(streamed).not.toBe('')
  const called = await ollama.chat({ model: 'tooly:270m', messages: HELLO, tools: [TOOL] })
  expect(called.message.tool_calls?.[0]?.function).toMatchObject({
    name: 'get_weather',
    arguments: { city: 'Paris' },
  })
  const thought = await ollama.chat({ model: 'thinky:270m', messages: HELLO, think: true })
  expect(thought.message.thinking).not.toBe('')
  expect((await ollama.embed({ model: 'embed:270m', input: ['a', 'b'] })).embeddings).toHaveLength(
    2,
  )
  await ollama.copy({ source: 'gemma3:270m', destination: 'mine:1' })
  await ollama.delete({ model: 'mine:1' })
  const statuses = []
  for await (const part of await ollama.pull({ model: 'gemma3:270m', stream: true }))
    statuses.push(part.status)
  expect(statuses.at(-1)).toBe('success')
})

test('the openai package: chat, stream with usage, tools, JSON, completions, embeddings, responses, models', async () => {
  const openai = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: 'x' })
  const chat = await openai.chat.completions.create({ model: 'gemma3:270m', messages: HELLO })
  expect(chat.usage?.completion_tokens).toBe(16)
  let usage: { completion_tokens: number } | null | undefined
  const stream = await openai.chat.completions.create({
    model: 'gemma3:270m',
    messages: HELLO,
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const chunk of stream) usage = chunk.usage ?? usage
  expect(usage?.completion_tokens).toBe(16)
  const called = await openai.chat.completions.create({
    model: 'tooly:270m',
    messages: HELLO,
    tools: [TOOL],
  })
  expect(called.choices[0]?.finish_reason).toBe('tool_calls')
  const json = await openai.chat.completions.create({
    model: 'gemma3:270m',
    messages: HELLO,
    response_format: { type: 'json_object' },
  })
  expect(JSON.parse(json.choices[0]?.message.content ?? '')).toHaveProperty('horses')
  expect(
    (await openai.completions.create({ model: 'gemma3:270m', prompt: 'x' })).choices[0]?.text,
  ).not.toBe('')
  const embedded = await openai.embeddings.create({ model: 'embed:270m', input: 'x' })
  expect(embedded.data[0]?.embedding).toHaveLength(640)
  const answered = await openai.responses.create({ model: 'thinky:270m', input: 'hello' })
  expect(answered.output.map((item) => item.type)).toEqual(['reasoning', 'message'])
  const events = []
  for await (const event of await openai.responses.create({
    model: 'tooly:270m',
    input: 'hello',
    tools: [
      { type: 'function', strict: null, name: 'get_weather', parameters: TOOL.function.parameters },
    ],
    stream: true,
  })) {
    events.push(event.type)
  }
  expect(events).toContain('response.function_call_arguments.done')
  expect(events.at(-1)).toBe('response.completed')
  expect((await openai.models.list()).data.length).toBeGreaterThan(1)
})

test('the anthropic package: message, stream, tools and their result', async () => {
  const anthropic = new Anthropic({ baseURL: simulator.url, apiKey: 'x' })
  const tools = [
    {
      name: 'get_weather',
      input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
    },
  ]
  const base = { model: 'tooly:270m', max_tokens: 100 }
  const message = await anthropic.messages.create({ ...base, messages: HELLO })
  expect(message.stop_reason).toBe('end_turn')
  const called = await anthropic.messages.stream({ ...base, messages: HELLO, tools }).finalMessage()
  const use = called.content.find((block) => block.type === 'tool_use')
  expect([called.stop_reason, use?.input]).toEqual(['tool_use', { city: 'Paris' }])
  const after = await anthropic.messages.create({
    ...base,
    tools,
    messages: [
      ...HELLO,
      { role: 'assistant', content: called.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: use?.id ?? '', content: '22 C' }],
      },
    ],
  })
  expect(after.content[0]?.type).toBe('text')
})

test('the counts that it reports add up to what its final objects said', async () => {
  const before = simulator.tokensReported()
  let told = 0
  for (let round = 0; round < 5; round++) {
    const answer = await post(
      '/api/chat',
      JSON.stringify({ model: 'gemma3:270m', messages: HELLO, stream: false }),
    )
    told += (await answer.json()).eval_count
  }
  expect(simulator.tokensReported().completion - before.completion).toBe(told)
  const uncounted = simulator.tokensReported()
  await (
    await post(
      '/v1/chat/completions',
      JSON.stringify({ model: 'gemma3:270m', messages: HELLO, stream: true }),
    )
  ).text()
  expect(simulator.tokensReported()).toEqual(uncounted)
})

test('the same question gets the same answer, letters beyond ASCII come back', async () => {
  const ask = async () => {
    const body = {
      model: 'gemma3:270m',
      messages: [{ role: 'user', content: 'kůň 你好 🐎' }],
      stream: false,
    }
    return (await (await post('/api/chat', JSON.stringify(body))).json()).message.content
  }
  const answer = await ask()
  expect(answer).toContain('🐎')
  expect(await ask()).toBe(answer)
})

test('keys are read as Go reads them: without case, the last one wins, null is absent', async () => {
  const answer = await post(
    '/api/chat',
    '{"MODEL":"nope","model":"gemma3:270m","Stream":false,"messages":null} trailing',
  )
  expect(await answer.json()).toMatchObject({ model: 'gemma3:270m', done_reason: 'load' })
  const last = await post('/api/chat', '{"model":"gemma3:270m","Model":"nope"}')
  expect(last.status).toBe(404)
})

test('a blob that is there is answered before the body is read, and the connection ends', async () => {
  const digest = 'sha256:fb749afe39d513ed0e1610c744afc22154b8f5c664b19c684265673c2527ecb7'
  expect((await post(`/api/blobs/${digest}`, 'hello corral')).status).toBe(201)
  const answer = await exchangeRaw(simulator.port, {
    method: 'POST',
    path: `/api/blobs/${digest}`,
    headers: [['Content-Length', '50000000']],
  })
  expect(answer.status).toBe(200)
  expect(answer.headers).toContainEqual(['Connection', 'close'])
})

test('zstd bodies are read on /v1', async () => {
  // {"model":"nope","messages":[{"role":"user","content":"x"}]} in one raw zstd block
  const text = Buffer.from(JSON.stringify({ model: 'nope', messages: HELLO }))
  const block = (text.length << 3) | 1
  const frame = Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length]),
    Buffer.from([block & 255, (block >> 8) & 255, (block >> 16) & 255]),
    text,
  ])
  const answer = await post('/v1/chat/completions', new Uint8Array(frame), {
    'Content-Encoding': 'zstd',
  })
  expect(await answer.text()).toContain("model 'nope' not found")
})

test('a transcription reads its model from a multipart field', async () => {
  const form = new FormData()
  form.set('file', new Blob(['RIFF']), 'a.wav')
  form.set('model', 'gemma3:270m')
  const answer = await fetch(`${simulator.url}/v1/audio/transcriptions`, {
    method: 'POST',
    body: form,
  })
  expect(Object.keys(await answer.json())).toEqual(['text'])
})

test('another process steers it on a side path that is not recorded', async () => {
  const order = (body: object) => post('/_simulator/order', JSON.stringify(body))
  const count = simulator.requestCount()
  await order({ fault: { kind: 'status', status: 503 }, match: { path: '/api/version' }, times: 1 })
  expect((await fetch(`${simulator.url}/api/version`)).status).toBe(503)
  const state = await (await fetch(`${simulator.url}/_simulator/state`)).json()
  expect(state.requests).toBe(count + 1)
  expect((await order({ nonsense: true })).status).toBe(400)
})

test('what it remembers of requests: method, path, headers as sent, the first bytes of the body', async () => {
  await post('/api/show?x=1', '{"model":"gemma3:270m"}', { 'X-Odd-Case': 'yes' })
  const seen = await simulator.waitFor((request) => request.path === '/api/show?x=1')
  expect([seen.method, seen.body.toString(), seen.bodyBytes]).toEqual([
    'POST',
    '{"model":"gemma3:270m"}',
    23,
  ])
  expect(seen.rawHeaders).toContain('X-Odd-Case')
})
