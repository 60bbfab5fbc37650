import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type ScriptedBackend, startScriptedBackend } from '../lessons/start-scripted-backend'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'

const budgetMs = 200
const longerThanTheBudgetMs = 500
const backends: ScriptedBackend[] = []
let corral: TestGateway | undefined

afterEach(async () => {
  await corral?.stop()
  for (const backend of backends.splice(0)) await backend.stop()
})

async function start(...scripts: Parameters<typeof startScriptedBackend>[0][]) {
  for (const script of scripts) backends.push(await startScriptedBackend(script))
  corral = await startTestGateway({
    backends: backends.map((backend) => backend.url),
    settings: { attemptBudgetMs: budgetMs, circuitFailures: 1000 },
  })
  return corral
}

const answers: Parameters<typeof startScriptedBackend>[0] = {
  '/api/chat': (_request, response) => response.end('{"done":true}'),
}

test('an upload that takes longer than the time for attempts is dialled all the same', async () => {
  const gateway = await start(answers)
  const response = await fetch(`${gateway.url}/api/chat`, {
    method: 'POST',
    headers: { 'x-api-key': gateway.key },
    body: Readable.toWeb(Readable.from(slowBody())) as ReadableStream,
    duplex: 'half',
  } as RequestInit)
  expect([response.status, await response.text()]).toEqual([200, '{"done":true}'])
})

test('a backend that dies in a cold load longer than the time for attempts is replaced', async () => {
  const dies: typeof answers = {
    '/api/chat': async (request) => {
      await wait(longerThanTheBudgetMs)
      request.socket.destroy()
    },
  }
  const gateway = await start(dies, answers)
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`${gateway.url}/api/chat`, {
      method: 'POST',
      headers: { 'x-api-key': gateway.key },
      body: '{"model":"gemma3:270m","stream":false}',
    })
    expect([response.status, await response.text()]).toEqual([200, '{"done":true}'])
  }
  expect(backends[0]?.count('/api/chat')).toBeGreaterThan(0)
})

async function* slowBody(): AsyncGenerator<Buffer> {
  yield Buffer.from('{"model":"gemma3:270m",')
  await wait(longerThanTheBudgetMs)
  yield Buffer.from('"stream":false}')
}
