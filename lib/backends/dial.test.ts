import diagnostics from 'node:diagnostics_channel'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { inNextTurn } from '@/lib/core/next-turn'
import { type ByteSource, toReadableStream } from '@/lib/http/byte-source'
import { readAhead } from '@/lib/http/read-ahead'
import { waitFor } from '@/tests/support/wait-for'
import { createDialer, type DialRequest, type DialResult, type Upstream } from './dial'

const dialer = createDialer({ connectTimeoutMs: 5000 })
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    if ('closeAllConnections' in server)
      (server as { closeAllConnections(): void }).closeAllConnections()
  }
})

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  return listen(createServer(answer))
}

function request(origin: string, change: Partial<DialRequest> = {}): DialRequest {
  return {
    origin,
    method: 'POST',
    path: '/api/chat',
    headers: ['Content-Type', 'application/json'],
    body: Buffer.from('{}'),
    signal: new AbortController().signal,
    connectWithinMs: 30_000,
    headersTimeoutMs: 0,
    bodyTimeoutMs: 0,
    ...change,
  }
}

function answeredBy(result: DialResult): Upstream {
  if (result.kind !== 'answered') throw new Error(`not answered: ${result.kind}`)
  return result.upstream
}

test('an answer keeps its status, the names of its headers as sent, and its bytes', async () => {
  const origin = await serve((_request, response) => {
    response.writeHead(201, ['X-Some-Name', 'Value', 'Content-Type', 'text/plain'])
    response.end('grüße')
  })
  const upstream = answeredBy(await dialer.dial(request(origin)))
  expect(upstream.status).toBe(201)
  expect(upstream.headers.slice(0, 4)).toEqual([
    'X-Some-Name',
    'Value',
    'Content-Type',
    'text/plain',
  ])
  expect(await readText(upstream.body)).toBe('grüße')
})

test('a port that nobody listens on is unreachable, and nothing was connected', async () => {
  const origin = await serve((_request, response) => response.end())
  await new Promise((resolve) => servers.pop()?.close(resolve))
  expect(await dialer.dial(request(origin))).toMatchObject({
    kind: 'unreachable',
    connected: false,
  })
})

test('a connection that ends before a header is closed, and was connected', async () => {
  const origin = await listen(
    createSocketServer((socket) => socket.once('data', () => socket.end())),
  )
  expect(await dialer.dial(request(origin))).toMatchObject({ kind: 'closed', connected: true })
})

test('a backend that accepts and stays silent is timed out only where a timeout is set', async () => {
  const origin = await serve(() => {})
  const result = await dialer.dial(request(origin, { headersTimeoutMs: 100 }))
  expect(result).toMatchObject({ kind: 'timed_out', connected: true })
})

test('the signal ends a dial that waits for headers, and the backend sees its socket close', async () => {
  let arrived = false
  let closed = false
  const origin = await serve((_request, response) => {
    arrived = true
    response.on('close', () => {
      closed = true
    })
  })
  const abort = new AbortController()
  const dialled = dialer.dial(request(origin, { signal: abort.signal }))
  await waitFor(() => arrived)
  abort.abort(new Error('the client left'))
  expect(await dialled).toMatchObject({ kind: 'aborted' })
  await waitFor(() => closed)
})

test('the signal ends a dial whose answer has arrived and was not told yet', async () => {
  const origin = await serve((_request, response) => response.write('first'))
  const abort = new AbortController()
  const onHeaders = () => {
    // Others that come in the same turn make it one that is waited for.
    for (let i = 0; i < 100; i++) inNextTurn(() => {})
    process.nextTick(() => abort.abort(new Error('the client left')))
  }
  diagnostics.subscribe('undici:request:headers', onHeaders)
  try {
    const result = await dialer.dial(request(origin, { signal: abort.signal }))
    expect(result).toMatchObject({ kind: 'aborted', connected: true })
  } finally {
    diagnostics.unsubscribe('undici:request:headers', onHeaders)
  }
})

test('the signal ends a body that is being read', async () => {
  let closed = false
  const origin = await serve((_request, response) => {
    response.write('first')
    response.on('close', () => {
      closed = true
    })
  })
  const abort = new AbortController()
  const upstream = answeredBy(await dialer.dial(request(origin, { signal: abort.signal })))
  const reader = toReadableStream(upstream.body).getReader()
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('first')
  abort.abort(new Error('the client left'))
  await waitFor(() => closed)
})

test('bytes that came before anybody read are kept, and the end with them', async () => {
  const origin = await serve((_request, response) => response.end('early'))
  const upstream = answeredBy(await dialer.dial(request(origin)))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await readText(upstream.body)).toBe('early')
})

test('a reader that stops slows the backend: what is held stays bounded', async () => {
  let written = 0
  const piece = Buffer.alloc(65_536)
  const origin = await serve((_request, response) => {
    const write = () => {
      while (written < 64 * 1024 * 1024 && response.write(piece)) written += piece.byteLength
    }
    response.on('drain', write)
    write()
  })
  const upstream = answeredBy(await dialer.dial(request(origin)))
  upstream.body.start({ chunk: () => false, end() {}, fail() {} })
  let before = -1
  await waitFor(async () => {
    const stalled = written === before
    before = written
    await new Promise((resolve) => setTimeout(resolve, 50))
    return stalled
  })
  expect(written).toBeLessThan(32 * 1024 * 1024)
  upstream.body.cancel(new Error('done'))
})

test('a body that breaks off fails its reader', async () => {
  const origin = await serve((_request, response) => {
    response.write('half')
    setTimeout(() => response.destroy(), 20)
  })
  const upstream = answeredBy(await dialer.dial(request(origin)))
  const failure = await new Promise((resolve) =>
    upstream.body.start({ chunk: () => true, end: () => resolve(null), fail: resolve }),
  )
  expect(failure).toBeInstanceOf(Error)
})

test('an early answer to an upload is handed on before the upload was read', async () => {
  const origin = await serve((_request, response) => {
    response.writeHead(200, { Connection: 'close' })
    response.end()
  })
  async function* endless() {
    for (let i = 0; i < 10_000; i++) yield Buffer.alloc(65_536)
  }
  const result = await dialer.dial(request(origin, { body: endless() }))
  expect(answeredBy(result).status).toBe(200)
})

async function readText(body: ByteSource): Promise<string> {
  const read = await readAhead(body, 100, () => () => {})
  return Buffer.from(read?.bytes ?? []).toString()
}
