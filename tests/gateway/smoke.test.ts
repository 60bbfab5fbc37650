import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'

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

test('a chat streams through, and its record has the tokens that the backend reported', async () => {
  const response = await fetch(`${corral.url}/api/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${corral.key}` },
    body: JSON.stringify({
      model: 'gemma3:270m',
      messages: [{ role: 'user', content: 'Count from one to ten.' }],
    }),
  })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  expect(response.headers.get('x-corral-backend')).toBe('gpu-1')
  const last = JSON.parse(text.trim().split('\n').at(-1) ?? '')
  expect(last.done).toBe(true)
  const [record] = await corral.records()
  expect(record).toMatchObject({
    status: 200,
    errorCode: null,
    promptTokens: last.prompt_eval_count,
    completionTokens: last.eval_count,
    modelServed: 'gemma3:270m',
    backendName: 'gpu-1',
    tokensEstimated: false,
    attempts: 1,
  })
})
