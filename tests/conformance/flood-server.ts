import { createServer, type ServerResponse } from 'node:http'

export type FloodServer = {
  url: string
  /** Bytes of answers that it could hand on so far. */
  sentBytes(): number
  /** Answers that are going on. */
  open(): number
  stop(): Promise<void>
}

/** A backend with the model `flood:1`, whose answers have no end: it writes as fast as it may. */
export async function startFloodServer(): Promise<FloodServer> {
  let sentBytes = 0
  let open = 0
  const pour = (response: ServerResponse) => {
    let room = true
    while (room && !response.destroyed) {
      room = response.write(line)
      sentBytes += line.length
    }
  }
  const server = createServer((request, response) => {
    request.resume()
    const json = answers[request.url ?? '']
    if (json !== undefined) {
      response.end(json)
      return
    }
    open += 1
    response.on('close', () => {
      open -= 1
    })
    response.on('drain', () => pour(response))
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
    pour(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the flood server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    sentBytes: () => sentBytes,
    open: () => open,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const model = { name: 'flood:1', model: 'flood:1', modified_at: '2026-01-01T00:00:00Z', size: 1 }
const answers: Record<string, string> = {
  '/': 'Ollama is running',
  '/api/tags': JSON.stringify({ models: [model] }),
  '/api/ps': JSON.stringify({ models: [] }),
  '/api/version': JSON.stringify({ version: '0.32.15' }),
}
const line = Buffer.from(
  `${JSON.stringify({ model: 'flood:1', response: 'x'.repeat(65_000), done: false })}\n`,
)
