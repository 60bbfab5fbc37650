import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type RecordedRequest = {
  method: string
  path: string
  rawHeaders: string[]
  headers: IncomingMessage['headers']
  body: Buffer
  trailers: string[]
}

export type RecordingBackend = {
  url: string
  port: number
  /** Everything but the gateway's own probes. */
  requests: RecordedRequest[]
  /** What came in that was no HTTP. */
  broken: string[]
  stop(): Promise<void>
}

export type Answer = (request: RecordedRequest, response: ServerResponse) => void

/** An Ollama with the given models that writes down each request it gets, to the last header. */
export async function startRecordingBackend(
  options: { models?: string[]; answer?: Answer } = {},
): Promise<RecordingBackend> {
  const { models = ['m:latest'], answer = answerPlainly } = options
  const requests: RecordedRequest[] = []
  const broken: string[] = []
  const server = createServer({ maxHeaderSize: 1_048_576, requestTimeout: 0 })
  server.on('request', async (incoming: IncomingMessage, response: ServerResponse) => {
    if (answerProbe(incoming, response, models)) return
    const chunks: Buffer[] = []
    try {
      for await (const chunk of incoming) chunks.push(chunk)
    } catch {
      if (!incoming.url?.startsWith('/api/blobs/')) {
        broken.push(`${incoming.method} ${incoming.url} broke off`)
      }
    }
    const request: RecordedRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      rawHeaders: incoming.rawHeaders,
      headers: incoming.headers,
      body: Buffer.concat(chunks),
      trailers: incoming.rawTrailers,
    }
    requests.push(request)
    if (!response.destroyed) answer(request, response)
  })
  server.on('clientError', (error, socket) => {
    // An upload whose client left or broke off ends in the middle here, too.
    const code = 'code' in error ? error.code : ''
    if (code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE') return
    const packet = 'rawPacket' in error ? String(error.rawPacket).slice(0, 1500) : ''
    broken.push(`${error.message} ${packet}`)
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, requests, broken, stop: () => stop(server) }
}

/** Health and catalogue: the gateway asks these of its own, with its own name. */
function answerProbe(
  incoming: IncomingMessage,
  response: ServerResponse,
  models: string[],
): boolean {
  if (incoming.headers['user-agent'] !== 'corral') return false
  const body = probeBody(incoming.url ?? '', models)
  response.setHeader('Content-Type', 'application/json')
  response.end(body === null ? 'Ollama is running' : JSON.stringify(body))
  return true
}

export function probeBody(path: string, models: readonly string[]): object | null {
  if (path === '/api/tags') return { models: models.map(tagsEntry) }
  if (path === '/api/ps') return { models: [] }
  return path === '/api/version' ? { version: '0.32.15' } : null
}

function tagsEntry(name: string) {
  return {
    name,
    model: name,
    modified_at: '2026-01-01T00:00:00Z',
    size: 1_000_000,
    digest: Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64),
    details: { family: 'llama', families: ['llama'] },
  }
}

function answerPlainly(request: RecordedRequest, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.end(
    request.path.startsWith('/v1/')
      ? '{"id":"x","object":"chat.completion","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}'
      : '{"model":"m","done":true,"prompt_eval_count":1,"eval_count":1}',
  )
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
