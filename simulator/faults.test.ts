import { afterEach, expect, test } from 'vitest'
import { exchangeRaw } from './raw-exchange'
import {
  type Fault,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './start-simulator'

const running: Simulator[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()))
})

async function start(options: SimulatorOptions = {}, fault?: Fault): Promise<Simulator> {
  const simulator = await startSimulator(options)
  running.push(simulator)
  if (fault) await simulator.setFault(fault)
  return simulator
}

function chat(simulator: Simulator, body: object = {}) {
  return exchangeRaw(simulator.port, {
    method: 'POST',
    path: '/api/chat',
    body: Buffer.from(
      JSON.stringify({
        model: 'gemma3:270m',
        messages: [{ role: 'user', content: 'hello' }],
        ...body,
      }),
    ),
  })
}

const textOf = (frames: Buffer[]) => Buffer.concat(frames).toString('utf8')

test('refuse: connections are refused, and accepted again when the fault ends', async () => {
  const simulator = await start({}, { kind: 'refuse' })
  await expect(chat(simulator)).rejects.toThrow('ECONNREFUSED')
  await simulator.setFault(null)
  expect((await chat(simulator)).status).toBe(200)
})

test('busy: 503 in the words of each dialect, and the lists still answer', async () => {
  const simulator = await start({}, { kind: 'busy' })
  const body = { model: 'gemma3:270m', max_tokens: 2, messages: [{ role: 'user', content: 'x' }] }
  for (const path of ['/api/chat', '/v1/chat/completions', '/v1/messages']) {
    const answer = await fetch(`${simulator.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain(
      'server busy, please try again.  maximum pending requests exceeded',
    )
  }
  expect((await fetch(`${simulator.url}/api/tags`)).status).toBe(200)
})

test('status: any status with any text', async () => {
  const simulator = await start(
    {},
    { kind: 'status', status: 418, body: 'short', contentType: 'text/html' },
  )
  const answer = await chat(simulator)
  expect([answer.status, textOf(answer.frames)]).toEqual([418, 'short'])
})

test('hang: silence before the headers, seen to end when the client leaves', async () => {
  const simulator = await start({}, { kind: 'hang' })
  const left = new AbortController()
  const pending = fetch(`${simulator.url}/api/tags`, { signal: left.signal }).catch(() => 'left')
  const seen = await simulator.waitFor((request) => request.path === '/api/tags')
  left.abort()
  expect(await pending).toBe('left')
  await simulator.waitFor((request) => request.id === seen.id && request.abortedAt !== undefined)
  expect(seen.frames).toBe(0)
})

test('hang for a time: the answer comes after it', async () => {
  const simulator = await start({}, { kind: 'hang', ms: 60 })
  const startedAt = performance.now()
  expect((await chat(simulator)).status).toBe(200)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55)
})

test('die: the socket is destroyed in mid-stream', async () => {
  const simulator = await start({}, { kind: 'die', afterFrames: 3 })
  const answer = await chat(simulator)
  expect([answer.frames.length, answer.isComplete]).toEqual([3, false])
})

test('end: a clean end without the terminal event', async () => {
  const simulator = await start({}, { kind: 'end', afterFrames: 3 })
  const answer = await chat(simulator)
  expect([answer.frames.length, answer.isComplete]).toEqual([3, true])
  expect(textOf(answer.frames)).not.toContain('"done":true')
})

test('half-line: the last frame is torn', async () => {
  const simulator = await start({}, { kind: 'half-line', afterFrames: 2 })
  const answer = await chat(simulator)
  expect(answer.isComplete).toBe(true)
  expect(textOf(answer.frames).endsWith('\n')).toBe(false)
})

test('half of a whole body: less than Content-Length says', async () => {
  const simulator = await start({}, { kind: 'half-line' })
  const answer = await chat(simulator, { stream: false })
  expect([answer.status, answer.isComplete]).toEqual([200, false])
})

test('stall: silence in mid-stream, then the rest', async () => {
  const simulator = await start({}, { kind: 'stall', afterFrames: 2, ms: 30 })
  expect(textOf((await chat(simulator)).frames)).toContain('"done":true')
})

test('crash: everyone who waits for a token of that process gets the news', async () => {
  const simulator = await start({ tokensPerSecond: 200, answerTokens: 10_000 })
  const [first, second] = [chat(simulator), chat(simulator, { stream: false })]
  for (const id of [1, 2]) await simulator.waitFor((seen) => seen.id === id && seen.tokens > 2)
  simulator.crashModel('gemma3:270m')
  expect(textOf((await first).frames)).toMatch(
    /\{"error":"an error was encountered while running the model: unexpected EOF"\}\n$/,
  )
  expect((await second).status).toBe(500)
  expect(simulator.loaded()).toEqual([])
})

test('ghost: the model is in the list and 404 on use', async () => {
  const simulator = await start()
  simulator.addFault({ model: 'gemma3:270m' }, { kind: 'ghost' })
  expect(await (await fetch(`${simulator.url}/api/tags`)).text()).toContain('gemma3:270m')
  expect((await chat(simulator)).status).toBe(404)
  expect((await chat(simulator, { model: 'tooly:270m' })).status).toBe(200)
})

test('out of memory: 500 in Ollama’s words', async () => {
  const answer = await chat(await start({}, { kind: 'out-of-memory' }))
  expect(answer.status).toBe(500)
  expect(textOf(answer.frames)).toContain('model requires more system memory')
})

test('drip: one byte in each flush', async () => {
  const simulator = await start({}, { kind: 'drip', byteMs: 0 })
  const answer = await chat(simulator, { options: { num_predict: 1 } })
  expect(new Set(answer.frames.map((frame) => frame.length))).toEqual(new Set([1]))
  expect(textOf(answer.frames)).toContain('"done":true')
})

test('content-type: another one than the body has', async () => {
  const answer = await chat(await start({}, { kind: 'content-type', value: 'text/html' }))
  expect(answer.headers).toContainEqual(['Content-Type', 'text/html'])
})

test('a fault strikes as often as it was asked to, and only what matches', async () => {
  const simulator = await start()
  simulator.addFault({ path: '/api/*', method: 'POST' }, { kind: 'status', status: 500 }, 2)
  expect((await fetch(`${simulator.url}/api/tags`)).status).toBe(200)
  const statuses = []
  for (let round = 0; round < 3; round++) statuses.push((await chat(simulator)).status)
  expect(statuses).toEqual([500, 500, 200])
})

test('kill destroys every socket at once, restart listens on the same port with nothing loaded', async () => {
  const simulator = await start({ tokensPerSecond: 50, answerTokens: 10_000 })
  const stream = chat(simulator)
  await simulator.waitFor((request) => request.frames > 1)
  await simulator.kill()
  expect((await stream).isComplete).toBe(false)
  await expect(chat(simulator)).rejects.toThrow('ECONNREFUSED')
  await simulator.restart()
  expect(simulator.loaded()).toEqual([])
  expect((await chat(simulator, { options: { num_predict: 1 } })).status).toBe(200)
})

test('black hole: sockets stay open, nothing is answered, running streams fall silent', async () => {
  const simulator = await start({ tokensPerSecond: 100, answerTokens: 20 })
  const stream = chat(simulator)
  const seen = await simulator.waitFor((request) => request.frames > 1)
  simulator.blackhole(true)
  const fresh = fetch(`${simulator.url}/api/tags`)
  await simulator.waitFor((request) => request.path === '/api/tags')
  const frames = seen.frames
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(seen.frames - frames).toBeLessThanOrEqual(1)
  simulator.blackhole(false)
  expect((await fresh).status).toBe(200)
  expect((await stream).isComplete).toBe(true)
})

test('a client that does not read stops the generation from running ahead', async () => {
  const simulator = await start({ tokensPerSecond: 1_000_000, answerTokens: 1_000_000 })
  const response = await fetch(`${simulator.url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ model: 'gemma3:270m', messages: [{ role: 'user', content: 'x' }] }),
  })
  const seen = await simulator.waitFor((request) => request.tokens > 100)
  let before = -1
  while (before !== seen.tokens) {
    before = seen.tokens
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  expect(seen.tokens).toBeLessThan(500_000)
  await response.body?.cancel()
})
