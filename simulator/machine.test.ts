import { afterEach, expect, test } from 'vitest'
import { type Simulator, type SimulatorOptions, startSimulator } from './start-simulator'

const running: Simulator[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()))
})

type Final = {
  done_reason: string
  total_duration: number
  load_duration: number
  prompt_eval_count: number
  prompt_eval_duration: number
  eval_duration: number
}

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    models: ['a:1', 'b:1', 'c:1'].map((name) => ({ name, sizeBytes: 1_000 })),
    memoryBytes: 2_000,
    ...options,
  })
  running.push(simulator)
  return simulator
}

async function ask(simulator: Simulator, body: object, signal?: AbortSignal): Promise<Final> {
  const response = await fetch(`${simulator.url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({
      messages: [{ role: 'user', content: 'hello' }],
      stream: false,
      ...body,
    }),
    ...(signal ? { signal } : {}),
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as Final
}

function loadedNames(simulator: Simulator): string[] {
  return simulator.loaded().map(({ model }) => model.name)
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1_000) throw new Error('the condition never held')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('memory that is full puts out the idle model with the shortest keep-alive', async () => {
  const simulator = await start()
  await ask(simulator, { model: 'a:1', keep_alive: '10m' })
  await ask(simulator, { model: 'b:1', keep_alive: 60 })
  await ask(simulator, { model: 'c:1' })
  expect(loadedNames(simulator).sort()).toEqual(['a:1', 'c:1'])
})

test('when no model is idle, a new one waits until one is', async () => {
  const simulator = await start({ memoryBytes: 1_000, tokensPerSecond: 100, answerTokens: 60 })
  const first = ask(simulator, { model: 'a:1' })
  await until(() => loadedNames(simulator).includes('a:1'))
  const second = await ask(simulator, { model: 'b:1', options: { num_predict: 1 } })
  await first
  expect(second.load_duration).toBeGreaterThan(50_000_000)
  expect(loadedNames(simulator)).toEqual(['b:1'])
})

test('requests for a loaded model pass while another model is loaded', async () => {
  const simulator = await start({ memoryBytes: 2_000 })
  await ask(simulator, { model: 'a:1' })
  simulator.setModels([
    { name: 'a:1', sizeBytes: 1_000 },
    { name: 'b:1', sizeBytes: 1_000, loadMs: 30_000 },
  ])
  const left = new AbortController()
  const slow = ask(simulator, { model: 'b:1' }, left.signal).catch(() => 'left')
  await simulator.waitFor((seen) => seen.body.includes('b:1'))
  await ask(simulator, { model: 'a:1' })
  expect(loadedNames(simulator)).toEqual(['a:1'])
  left.abort()
  expect(await slow).toBe('left')
})

test('a client that leaves during the load gives the memory back', async () => {
  const simulator = await start({ memoryBytes: 1_000, loadMs: 30_000 })
  const left = new AbortController()
  const slow = ask(simulator, { model: 'a:1' }, left.signal).catch(() => 'left')
  await simulator.waitFor((seen) => seen.body.includes('a:1'))
  left.abort()
  await slow
  simulator.setModels([{ name: 'b:1', sizeBytes: 1_000, loadMs: 0 }])
  await ask(simulator, { model: 'b:1' })
  expect(loadedNames(simulator)).toEqual(['b:1'])
})

test('the queue bounds only requests that need scheduling', async () => {
  const simulator = await start({
    maxQueue: 1,
    parallel: 1,
    tokensPerSecond: 40,
    answerTokens: 1e6,
  })
  const left = new AbortController()
  const leave = (body: object) => ask(simulator, body, left.signal).catch(() => 'left')
  const waiting = Array.from({ length: 5 }, () => leave({ model: 'a:1' }))
  await until(() => simulator.loaded()[0]?.waiting === 4)
  // The reload of a:1 waits at the head, the next fills the queue, the third finds it full.
  for (const numCtx of [1_000, 1_001]) {
    waiting.push(leave({ model: 'a:1', options: { num_ctx: numCtx } }))
    await simulator.waitFor((seen) => seen.body.includes(`"num_ctx":${numCtx}`))
  }
  await expect(ask(simulator, { model: 'a:1', options: { num_ctx: 1_002 } })).rejects.toThrow(
    '503 {"error":"server busy, please try again.  maximum pending requests exceeded"}',
  )
  expect(simulator.inFlight()).toBe(7)
  left.abort()
  await Promise.all(waiting)
})

test('another num_ctx loads the model again, none takes it as it is', async () => {
  const simulator = await start()
  await ask(simulator, { model: 'a:1', options: { num_ctx: 1_024 } })
  await ask(simulator, { model: 'a:1' })
  expect(simulator.loads()).toBe(1)
  await ask(simulator, { model: 'a:1', options: { num_ctx: 2_048 } })
  expect(simulator.loads()).toBe(2)
})

test('keep_alive 0 unloads after the answer, a negative one keeps for ever, a short one runs out', async () => {
  const simulator = await start()
  await ask(simulator, { model: 'a:1', keep_alive: 0 })
  expect(loadedNames(simulator)).toEqual([])
  await ask(simulator, { model: 'a:1', keep_alive: -1 })
  const ps = await (await fetch(`${simulator.url}/api/ps`)).json()
  expect(ps.models[0].expires_at).toMatch(/^2318-/)
  await ask(simulator, { model: 'a:1', keep_alive: '30ms' })
  await until(() => loadedNames(simulator).length === 0)
})

test('a slot is taken by one request at a time; the wait is in the total and not in the load', async () => {
  const simulator = await start({ parallel: 1, tokensPerSecond: 100, answerTokens: 40 })
  const [first, second] = await Promise.all([
    ask(simulator, { model: 'a:1' }),
    ask(simulator, { model: 'a:1' }),
  ])
  const waits = [first, second].map(
    (answer) =>
      answer.total_duration -
      answer.load_duration -
      answer.prompt_eval_duration -
      answer.eval_duration,
  )
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...waits)).toBeGreaterThan(50_000_000)
})

test('a prompt that begins like the last one is read only from where they part', async () => {
  const simulator = await start({ parallel: 1, prefillTokensPerSecond: 1_000 })
  const content = 'word '.repeat(400)
  const cold = await ask(simulator, { model: 'a:1', messages: [{ role: 'user', content }] })
  const warm = await ask(simulator, { model: 'a:1', messages: [{ role: 'user', content }] })
  expect(cold.prompt_eval_duration).toBeGreaterThan(150_000_000)
  expect(warm.prompt_eval_duration).toBeLessThan(cold.prompt_eval_duration / 2)
  expect(warm.prompt_eval_count).toBe(cold.prompt_eval_count)
})

test('a client that leaves stops the generation and frees the slot', async () => {
  const simulator = await start({ parallel: 1, tokensPerSecond: 50, answerTokens: 100_000 })
  const left = new AbortController()
  const response = await fetch(`${simulator.url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ model: 'a:1', messages: [{ role: 'user', content: 'x' }] }),
    signal: left.signal,
  })
  await response.body?.getReader().read()
  left.abort()
  const seen = await simulator.waitFor((request) => request.abortedAt !== undefined)
  await until(() => simulator.loaded()[0]?.busySlots === 0)
  expect(seen.tokens).toBeLessThan(1_000)
})

test('a model that can never fit is refused in words of memory', async () => {
  const simulator = await start({
    models: [{ name: 'big:1', sizeBytes: 20 * 1024 ** 3 }],
    memoryBytes: 8 * 1024 ** 3,
  })
  await expect(ask(simulator, { model: 'big:1' })).rejects.toThrow(
    '500 {"error":"model requires more system memory (20.0 GiB) than is available (8.0 GiB)"}',
  )
})
