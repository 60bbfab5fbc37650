import { type AddressInfo, createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { removeBackend } from '@/lib/admin/backends'
import { updateFrontend } from '@/lib/admin/frontends'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'
import { exchangeRaw } from './raw-socket'
import { probeBody, type RecordingBackend, startRecordingBackend } from './recording-backend'

let backend: RecordingBackend
let corral: TestGateway

beforeAll(async () => {
  backend = await startRecordingBackend()
  corral = await startTestGateway({ backends: [backend.url] })
})
afterEach(async () => {
  await corral.set({ jsonBodyBytesMax: 64 * 1024 * 1024, uploadBytesMax: 0 })
})
afterAll(async () => {
  await corral?.stop()
  await backend?.stop()
})

const keyed = () => ({ authorization: `Bearer ${corral.key}` })
const chunkedBody = (...chunks: Buffer[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
const send = (path: string, init: RequestInit & { duplex?: 'half' } = {}) =>
  fetch(`${corral.url}${path}`, { method: 'POST', headers: keyed(), duplex: 'half', ...init })

test('a body in chunks that grows over the limit is 413, not a broken connection', async () => {
  await corral.set({ jsonBodyBytesMax: 1024 })
  for (let i = 0; i < 5; i++) {
    const body = chunkedBody(...Array.from({ length: 40 }, () => Buffer.alloc(65_536, 0x20)))
    const response = await send('/api/chat', { body })
    expect(response.status).toBe(413)
    expect(await response.json()).toEqual({ error: 'The body is larger than 1024 bytes.' })
  }
})

test('a body that inflates over the limit is 413', async () => {
  await corral.set({ jsonBodyBytesMax: 100_000 })
  const response = await send('/v1/messages', {
    headers: { ...keyed(), 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(10_000_000, 0x20)),
  })
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ error: { type: 'request_too_large' } })
})

test('an upload in chunks that grows over its limit is 413, and the backend is not blamed', async () => {
  await corral.set({ uploadBytesMax: 100_000 })
  for (let i = 0; i < 8; i++) {
    const body = chunkedBody(...Array.from({ length: 10 }, () => Buffer.alloc(50_000, 1)))
    const response = await send(`/api/blobs/sha256:${i}`, { body })
    expect(response.status).toBe(413)
  }
  expect(corral.gateway.fleet.reports()[0]).toMatchObject({ circuit: 'closed', inFlight: 0 })
  expect((await send('/api/chat', { body: '{"model":"m","stream":false}' })).status).toBe(200)
})

test('uploads that their clients broke off or framed wrongly are not held against the backend', async () => {
  for (let i = 0; i < 8; i++) {
    const head = `POST /api/blobs/sha256:${i} HTTP/1.1\r\nHost: x\r\nx-api-key: ${corral.key}\r\n`
    const pieces =
      i % 2 === 0
        ? [`${head}Transfer-Encoding: chunked\r\n\r\n`, '5\r\nhello\r\n', 'zz\r\n']
        : [`${head}Content-Length: 100\r\n\r\n`, 'hello']
    await exchangeRaw({ port: corral.port, pieces, ending: i % 2 === 0 ? 'read' : 'leave' })
  }
  await waitFor(() => corral.gateway.inFlight.count() === 0)
  expect(corral.gateway.fleet.reports()[0]).toMatchObject({ circuit: 'closed', inFlight: 0 })
})

test('an answer that comes before the upload was read gets through, and the next request too', async () => {
  const early = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
  await withRawBackend(early, async (backendName) => {
    for (let i = 0; i < 5; i++) {
      const body = chunkedBody(...Array.from({ length: 100 }, () => Buffer.alloc(100_000, 1)))
      const headers = { ...keyed(), 'x-corral-backend': backendName }
      const response = await send(`/api/blobs/sha256:${i}`, { body, headers })
      expect(response.status).toBe(200)
    }
  })
})

test('a length of 00 on an upload is an empty upload', async () => {
  const head = `POST /api/blobs/sha256:00 HTTP/1.1\r\nHost: x\r\nx-api-key: ${corral.key}\r\n`
  const pieces = [`${head}Content-Length: 00\r\n\r\n`]
  const { answers } = await exchangeRaw({ port: corral.port, pieces, quietMs: 2000 })
  expect(answers[0]?.status).toBe(200)
})

test('dot segments between encoded slashes are refused: a backend may decode them', async () => {
  const before = backend.requests.length
  for (const path of [
    '/api/blobs/..%2f..%2fapi%2fme',
    '/api/blobs/sha256:0%2F%2e%2e%2Fchat',
    '/api/blobs/%2e%2e%2fchat',
    '/v1/models/..%2F..',
  ]) {
    const pieces = [
      `POST ${path} HTTP/1.1\r\nHost: x\r\nx-api-key: ${corral.key}\r\nContent-Length: 0\r\n\r\n`,
    ]
    const { answers } = await exchangeRaw({ port: corral.port, pieces, quietMs: 2000 })
    expect(answers[0]?.status, path).toBe(400)
  }
  expect(backend.requests.length).toBe(before)
})

test('a model name that is no text is answered in words, on every backend that may have it', async () => {
  await updateFrontend(corral.context, 'default', { unknownModel: 'any' })
  await corral.settled()
  for (const model of ['a\\ud800', 'a\\u0000b', 'a\\r\\nX-Injected: 1', '\\u2028é']) {
    const response = await send('/api/chat', { body: `{"model":"${model}","stream":false}` })
    expect(response.status, model).toBe(200)
    expect(response.headers.get('x-injected')).toBeNull()
    expect(response.headers.get('x-corral-model'), model).toMatch(/^[\x20-\x7e]+$/)
  }
  expect(corral.gateway.inFlight.count()).toBe(0)
  await updateFrontend(corral.context, 'default', { unknownModel: '404' })
  await corral.settled()
})

test('a key in a place where none is looked for reaches no record', async () => {
  const secret = corral.key.slice(-43)
  for (const path of [
    `/v1/${corral.key}/models`,
    `/k/x/k/${corral.key}/api/tags`,
    `/api/k/${corral.key}/chat`,
    `/k/${corral.key}/%zz`,
  ]) {
    const response = await fetch(`${corral.url}${path}`)
    expect(await response.text()).not.toContain(secret)
  }
  const wrong = await send('/api/chat', { body: JSON.stringify({ model: corral.key }) })
  expect(await wrong.text()).not.toContain(secret)
  const records = await corral.records((all) => all.some((one) => one.path.includes('chat')))
  expect(JSON.stringify(records)).not.toContain(secret)
})

test('a client that leaves while a refusal is read is recorded once as 499, and tried nowhere else', async () => {
  let asked = 0
  const begun = () => {
    asked++
    return 'HTTP/1.1 503 Busy\r\nContent-Length: 1000\r\n\r\nnot all of it'
  }
  await withRawBackend(begun, async (model) => {
    await waitFor(() => corral.gateway.journal.lagRecords() === 0)
    const before = (await corral.records()).length
    const abort = new AbortController()
    const body = JSON.stringify({ model, stream: false })
    const call = send('/api/chat', { body, signal: abort.signal }).catch(() => null)
    await waitFor(() => asked === 1)
    abort.abort()
    await call
    await waitFor(() => corral.gateway.inFlight.count() === 0)
    await waitFor(() => corral.gateway.fleet.views().every((view) => view.inFlight === 0))
    const records = await corral.records((all) => all.length > before)
    expect(records.slice(before)).toMatchObject([{ status: 499, attempts: 1 }])
    expect(asked).toBe(1)
  })
})

type RawAnswer = string | ((request: string) => string)

async function withRawBackend(answer: RawAnswer, run: (model: string) => Promise<void>) {
  const model = `raw${Math.random().toString(36).slice(2, 8)}`
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      const request = data.toString('latin1')
      const path = request.split(' ')[1] ?? ''
      if (/user-agent: corral/i.test(request)) {
        const body = JSON.stringify(probeBody(path, [model]) ?? 'ok')
        socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
        return
      }
      socket.write(typeof answer === 'string' ? answer : answer(request), 'latin1')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const name = await corral.addBackend(`http://127.0.0.1:${port}`, { name: model })
  await waitFor(() =>
    corral.gateway.fleet.views().some((v) => v.name === name && v.catalogue?.size === 1),
  )
  try {
    await run(model)
  } finally {
    await removeBackend(corral.context, name)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
    await corral.settled()
  }
}

const evilAnswers: [what: string, answer: string, statuses: number[]][] = [
  [
    'a control character in a header',
    'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 2\r\n\r\n{}',
    [200, 502],
  ],
  [
    'a delete character in a header',
    'HTTP/1.1 200 OK\r\nX-A: a\x7fb\r\nContent-Length: 2\r\n\r\n{}',
    [200, 502],
  ],
  [
    'a name that is no token',
    'HTTP/1.1 200 OK\r\nX A: a\r\nContent-Length: 2\r\n\r\n{}',
    [200, 502],
  ],
  [
    'a bare LF in a header',
    'HTTP/1.1 200 OK\r\nX-A: a\nX-B: b\r\nContent-Length: 2\r\n\r\n{}',
    [200, 502],
  ],
  ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 2\r\n\r\n{}', [200, 502]],
  [
    'a length and chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n',
    [200, 502],
  ],
  [
    'two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nabcde',
    [200, 502],
  ],
  [
    'a second answer behind the first',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nX-Second: 1\r\nContent-Length: 2\r\n\r\n{}',
    [200, 502],
  ],
  ['a status of 099', 'HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\n{}', [502]],
  ['a status of 999', 'HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n{}', [999, 502]],
  [
    'a protocol switch',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nabc',
    [502],
  ],
  ['a 204 with a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}', [204, 502]],
  [
    'a trailer',
    'HTTP/1.1 200 OK\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-T: 1\r\n\r\n',
    [200],
  ],
  ['no HTTP', '+PONG\r\n', [502]],
]

for (const [what, answer, statuses] of evilAnswers) {
  test(`a backend that sends ${what} leaves nothing behind and splits no answer`, async () => {
    await withRawBackend(answer, async (model) => {
      const body = `{"model":"${model}","stream":false}`
      const head = `POST /api/chat HTTP/1.1\r\nHost: x\r\nx-api-key: ${corral.key}\r\nContent-Length: ${body.length}\r\n\r\n`
      const { answers, text } = await exchangeRaw({
        port: corral.port,
        pieces: [head + body],
        quietMs: 3000,
      })
      expect(text).not.toMatch(/x-second/i)
      expect(statuses, text).toContain(answers[0]?.status)
      await waitFor(() => corral.gateway.inFlight.count() === 0)
      await waitFor(() => corral.gateway.fleet.views().every((view) => view.inFlight === 0))
    })
  })
}
