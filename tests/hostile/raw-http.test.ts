import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveRequests, serverOptions } from '@/server/serve-requests'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'
import { type HostileRequest, hostileRequests, renderPieces } from './hostile-requests'
import { exchangeRaw, type RawExchange } from './raw-socket'
import {
  type RecordedRequest,
  type RecordingBackend,
  startRecordingBackend,
} from './recording-backend'

const requestsTotal = 10_000
const atOnce = 50

let backend: RecordingBackend
let corral: TestGateway
let door: { server: Server; port: number; stop(): Promise<void> }

beforeAll(async () => {
  backend = await startRecordingBackend()
  corral = await startTestGateway({ backends: [backend.url] })
  door = await openDoor(corral)
})
afterAll(async () => {
  await door?.stop()
  await corral?.stop()
  await backend?.stop()
})

test('ten thousand hostile requests: no 500, no crash, no leak, and nothing reaches a backend that should not', async () => {
  const wrongKey = `${corral.key.slice(0, -3)}AAA`
  const keyed = new Map<number, boolean>()
  const statuses = new Map<number, number>()
  const before = { memory: 0, sockets: 0 }
  let id = 0

  const send = async (request: HostileRequest) => {
    keyed.set(++id, request.keyed)
    const pieces = renderPieces(request, id)
    const isHead = request.method === 'HEAD'
    const quietMs = request.whole ? 2000 : 150
    const answer = await exchangeRaw({
      port: door.port,
      pieces,
      ending: request.ending,
      isHead,
      quietMs,
    })
    checkAnswer(answer, corral.key)
    for (const { status } of answer.answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(hostileRequests({ key: corral.key, wrongKey }), {
        minLength: atOnce,
        maxLength: atOnce,
      }),
      async (requests) => {
        const seenBefore = backend.requests.length
        await Promise.all(requests.map(send))
        if (id === requestsTotal / 4) Object.assign(before, await measureRest(corral, door.server))
        for (const seen of backend.requests.slice(seenBefore)) {
          checkForwarded(seen, { key: corral.key, keyed })
        }
        expect(backend.broken).toEqual([])
      },
    ),
    {
      numRuns: requestsTotal / atOnce,
      endOnFailure: true,
      includeErrorInReport: true,
      interruptAfterTimeLimit: 85_000,
    },
  )

  expect(id).toBe(requestsTotal)
  expect(statuses.get(200) ?? 0, 'some requests must be good').toBeGreaterThan(500)
  expect(backend.requests.length, 'some requests must go on').toBeGreaterThan(200)
  const after = await measureRest(corral, door.server)
  expect(after.sockets).toBeLessThanOrEqual(before.sockets + 5)
  expect(after.memory - before.memory).toBeLessThan(25 * 1024 * 1024)
  const answer = await fetch(`${corral.url}/api/tags`, { headers: { 'x-api-key': corral.key } })
  expect(answer.status).toBe(200)
}, 120_000)

test('headers about one connection do not reach the console, nor stop the gateway', async () => {
  for (const method of ['POST', 'DELETE', 'GET']) {
    for (const framing of [
      'Content-Length: 2\r\n\r\n{}',
      'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ]) {
      const head = `${method} /console HTTP/1.1\r\nHost: x\r\nTrailer: X-T\r\nTE: trailers\r\n`
      const named = 'Connection: keep-alive, Content-Length, Transfer-Encoding\r\n'
      const pieces = [head + named + framing]
      const { answers } = await exchangeRaw({ port: door.port, pieces, quietMs: 3000 })
      expect(answers[0]?.status, method).toBe(404)
    }
  }
})

test('no "100 Continue" comes between the head and the body of a pipelined answer', async () => {
  const body = '{"model":"m","stream":false,"messages":[]}'
  const head = `POST /api/chat HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${corral.key}\r\nExpect: 100-continue\r\n`
  const request = `${head}Content-Length: ${body.length}\r\n\r\n${body}`
  const first = 'GET /console/slow HTTP/1.1\r\nHost: x\r\n\r\n'
  const pieces = [first + request.repeat(3)]
  const { answers } = await exchangeRaw({ port: door.port, pieces, answersMax: 4, quietMs: 3000 })
  expect(answers.map(({ status }) => status)).toEqual([404, 200, 200, 200])
  expect(answers[1]?.body.toString()).toMatch(/^\{.*\}$/)
})

test('a body that the console leaves unread holds no connection open', async () => {
  const body = 'x'.repeat(1_000_000)
  const pieces = [`POST /console HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${body}`]
  const { answers } = await exchangeRaw({ port: door.port, pieces, quietMs: 3000 })
  expect(answers[0]?.status).toBe(404)
  await measureRest(corral, door.server)
})

const mayAnswer = new Set([
  200, 204, 302, 400, 401, 403, 404, 405, 408, 413, 415, 417, 431, 501, 503, 505, 508,
])

function checkAnswer({ text, answers }: RawExchange, key: string): void {
  for (const answer of answers) {
    const shown = `${answer.status} ${answer.body.toString()}`
    expect(mayAnswer.has(answer.status), shown).toBe(true)
    // Only a browser at the bare address is sent on.
    if (answer.status === 302) expect(answer.headers.get('location'), shown).toBe('/console')
    expect(answer.headers.has('server') || answer.headers.has('x-powered-by'), shown).toBe(false)
    expect(answer.headers.has('x-injected'), shown).toBe(false)
  }
  expect(text).not.toContain(key.slice(-43))
  expect(text).not.toMatch(/node_modules|\.ts:\d+|\n {4}at /)
}

/** What a key with everything but `admin` may send on, by method and path. */
const mayReach: [method: string, path: RegExp][] = [
  ['POST', /^\/api\/(chat|generate|show|embed|pull|copy)(\?|$)/],
  ['DELETE', /^\/api\/delete(\?|$)/],
  ['GET', /^\/api\/status(\?|$)/],
  ['POST', /^\/v1\/(chat\/completions|messages|audio\/transcriptions)(\?|$)/],
  ['HEAD', /^\/api\/blobs\/[^/?]+(\?|$)/],
  ['POST', /^\/api\/blobs\/[^/?]+(\?|$)/],
]
const stayBehind = [
  ...['authorization', 'x-api-key', 'cookie', 'origin', 'referer', 'accept-encoding', 'expect'],
  ...['keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'http2-settings'],
  ...['x-corral-backend', 'x-corral-label', 'x-injected', 'sec-websocket-accept'],
]

function checkForwarded(
  seen: RecordedRequest,
  known: { key: string; keyed: ReadonlyMap<number, boolean> },
): void {
  const shown = `${seen.method} ${seen.path} ${JSON.stringify(seen.rawHeaders)}`
  const allowed = mayReach.some(([method, form]) => method === seen.method && form.test(seen.path))
  expect(allowed, shown).toBe(true)
  expect(seen.path.split('?')[0], shown).not.toMatch(/(\/|%2F)\.\.?(\/|%2F|$)/i)
  expect(seen.headers['x-request-id'], shown).toMatch(/^req_[0-9A-Z]{26}$/)
  expect(seen.headers['x-corral-via'], shown).toBeDefined()
  // A client that is gone before its request is looked at has no address any more.
  expect(seen.headers['x-forwarded-for'] ?? '127.0.0.1', shown).toBe('127.0.0.1')
  expect(seen.headers.host, shown).toBe(`127.0.0.1:${backend.port}`)
  for (const name of stayBehind) expect(seen.headers[name], shown).toBeUndefined()
  expect(seen.trailers).toEqual([])
  const caseId = Number(seen.headers['x-case'] ?? Number.NaN)
  if (!Number.isNaN(caseId)) expect(known.keyed.get(caseId), shown).toBe(true)
  if (!seen.path.startsWith('/api/blobs/')) checkReadable(seen, shown)
  expect(`${shown}${seen.body.toString('latin1')}`).not.toContain(known.key.slice(-43))
}

/** A body went on only where it could be read, and what it names is a model the key may use. */
function checkReadable({ body, path: target, method }: RecordedRequest, shown: string): void {
  if (method === 'GET' || method === 'HEAD') return
  if (target.startsWith('/v1/audio')) {
    expect(body.toString('latin1'), shown).toMatch(/name="model"\r\n\r\nm\r\n/)
    return
  }
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  const value: Record<string, unknown> = JSON.parse(text)
  expect(Object.keys(value).filter((key) => key.toLowerCase() === 'model')).toHaveLength(1)
  expect(String(value.model)).not.toMatch(/cloud/)
}

async function openDoor({ gateway }: TestGateway) {
  const folder = await mkdtemp(path.join(tmpdir(), 'corral-hostile-'))
  const socket = path.join(folder, 'console.sock')
  const console = createServer(({ url }, response) => {
    const answer = () => response.writeHead(404).end('no such page')
    // Long enough that what is pipelined behind it has been answered before.
    if (url === '/console/slow') setTimeout(answer, 500)
    else answer()
  })
  await new Promise<void>((resolve) => console.listen(socket, resolve))
  const server = createServer(serverOptions)
  serveRequests(server, { trustedProxies: [] }).open(gateway, {
    address: () => socket,
    stop: async () => {},
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const each of [server, console]) {
        each.closeAllConnections()
        await new Promise((resolve) => each.close(resolve))
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Memory and sockets once nothing is under way any more. */
async function measureRest({ gateway }: TestGateway, server: Server) {
  const connections = () =>
    new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
  await waitFor(async () => (await connections()) === 0, { what: 'the end of all connections' })
  await waitFor(() => gateway.inFlight.count() === 0, { what: 'the end of all requests' })
  await waitFor(() => gateway.fleet.views().every((view) => view.inFlight === 0))
  await waitFor(() => gateway.journal.lagRecords() === 0, { what: 'the journal' })
  collectGarbage()
  const sockets = process.getActiveResourcesInfo().filter((name) => /^(TCP|Pipe)/.test(name)).length
  return { memory: process.memoryUsage().heapUsed, sockets }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
}
