import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ScriptedBackend = {
  url: string
  /** Everything a client of it has sent: each request's line, headers and body. */
  traffic(): Buffer
  /** Requests of the given path that came so far. */
  count(path: string): number
  stop(): Promise<void>
}
type Script = (request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown

/**
 * A backend that has one model and says on other paths exactly what the test scripts: for bytes,
 * pauses and silences that no Ollama would send.
 */
export async function startScriptedBackend(
  scripts: Record<string, Script>,
  options: { model?: string; readsBody?: boolean } = {},
): Promise<ScriptedBackend> {
  const { model = 'gemma3:270m', readsBody = true } = options
  const seen: { path: string; bytes: Buffer }[] = []
  const known: Record<string, object> = {
    '/api/tags': { models: [{ name: model, model, digest: 'aa', size: 1, modified_at: epoch }] },
    '/api/ps': { models: [] },
    '/api/version': { version: '0.32.15' },
  }
  const server = http.createServer({ requestTimeout: 0 }, async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    const script = scripts[path]
    const head = `${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n`
    const entry = { path, bytes: Buffer.from(head) }
    seen.push(entry)
    const body = readsBody ? await readAll(request) : Buffer.alloc(0)
    entry.bytes = Buffer.concat([entry.bytes, body])
    if (script) return script(request, response, body)
    if (path === '/') return response.end('Ollama is running')
    const answer = known[path]
    response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json; charset=utf-8' })
    return response.end(JSON.stringify(answer ?? { error: 'not scripted' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    traffic: () => Buffer.concat(seen.map((entry) => entry.bytes)),
    count: (path) => seen.filter((entry) => entry.path === path).length,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const epoch = '2026-11-03T08:00:00.000000001Z'

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    // The client left: what came until then is what the test may look at.
  }
  return Buffer.concat(chunks)
}
