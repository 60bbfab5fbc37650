import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const children: ChildProcess[] = []
let url = ''

beforeAll(async () => {
  url = await run(
    '--port',
    '0',
    '--model',
    'tiny:1,1000,completion+tools',
    '--version',
    '0.24.0',
    '--name',
    'one',
  )
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

async function run(...args: string[]): Promise<string> {
  const main = path.resolve(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  return JSON.parse(String(line)).url
}

test('a process of its own says its address in one line and answers as it was told', async () => {
  expect(await (await fetch(`${url}/api/version`)).json()).toEqual({ version: '0.24.0' })
  const tags = await (await fetch(`${url}/api/tags`)).json()
  expect(tags.models.map((model: { name: string }) => model.name)).toEqual(['tiny:1'])
})

test('bench: as many flushes as asked, at the interval asked, for many streams at once', async () => {
  const bench = await run('--port', '0', '--bench', '--flush-ms', '20')
  const body = JSON.stringify({
    model: 'm',
    messages: [],
    stream: true,
    max_tokens: 5,
    options: { num_predict: 5 },
  })
  const startedAt = performance.now()
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const route = index % 2 === 0 ? '/api/chat' : '/v1/chat/completions'
      return (await fetch(bench + route, { method: 'POST', body })).text()
    }),
  )
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(80)
  for (const [index, answer] of answers.entries()) {
    expect(answer.split(' herd')).toHaveLength(6)
    expect(answer).toContain(index % 2 === 0 ? '"eval_count":5' : 'data: [DONE]')
  }
  const state = await (await fetch(`${bench}/_simulator/state`)).json()
  expect(state.tokens).toEqual({ prompt: 25 * 16, completion: 25 * 5 })
})
