import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ScriptedBackend, startScriptedBackend } from '../lessons/start-scripted-backend'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'

const models = [
  { id: 'gpt-x', object: 'model', created: 1_893_456_001, owned_by: 'somebody' },
  { id: 'org/small', created: 1_500_000_000, name: 'Small, by Org' },
  { id: 'gemma3:270m', object: 'model', created: 1_893_456_000, owned_by: 'somebody' },
]
let ollama: ScriptedBackend
let openai: ScriptedBackend
let corral: TestGateway

beforeAll(async () => {
  ollama = await startScriptedBackend({})
  openai = await startScriptedBackend({
    '/v1/models': (_request, response) =>
      response.end(JSON.stringify({ object: 'list', data: models })),
  })
  corral = await startTestGateway()
  await corral.addBackend(ollama.url)
  await corral.addBackend(openai.url, { name: 'paid', kind: 'openai' })
  await waitFor(() => corral.gateway.fleet.views().every((view) => view.catalogue !== null))
})
afterAll(async () => {
  await corral?.stop()
  await ollama?.stop()
  await openai?.stop()
})

const get = async (path: string) =>
  (await fetch(`${corral.url}${path}`, { headers: { 'x-api-key': corral.key } })).json()

test('the models of an OpenAI server stand in /v1/models under their ids, the newest first', async () => {
  expect(await get('/v1/models')).toEqual({
    object: 'list',
    data: [
      { id: 'gpt-x', object: 'model', created: 1_893_456_001, owned_by: 'somebody' },
      { id: 'gemma3:270m', object: 'model', created: 1_893_456_000, owned_by: 'somebody' },
      { id: 'org/small', object: 'model', created: 1_500_000_000, owned_by: 'org' },
    ],
  })
  expect(await get('/v1/models/org%2Fsmall')).toMatchObject({ id: 'org/small', owned_by: 'org' })
  expect(await get('/test')).toMatchObject({ models: ['gpt-x', 'gemma3:270m', 'org/small'] })
})

test('they stay out of /api/tags, where a newer one of the same name hides no model of Ollama', async () => {
  expect(await get('/api/tags')).toEqual({
    models: [expect.objectContaining({ name: 'gemma3:270m', digest: 'aa' })],
  })
})
