import http, { type IncomingMessage } from 'node:http'

export type RawAnswer = {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
  /** As the socket gave them, with the time of each in ms since the call. */
  chunks: { bytes: Buffer; afterMs: number }[]
}
export type RawCall = {
  method?: string
  headers?: Record<string, string>
  body?: Uint8Array | string | AsyncIterable<Uint8Array>
  signal?: AbortSignal
  /** Called once with the head of the answer. */
  onAnswer?: (answer: IncomingMessage) => void
}

/** One request with node:http: no time limit, no connection shared, bytes as they are. */
export function callRaw(url: string, call: RawCall = {}): Promise<RawAnswer> {
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method: call.method ?? 'POST',
      headers: { ...lengthOf(call.body), ...call.headers },
      agent: false,
      ...(call.signal && { signal: call.signal }),
    })
    let answered = false
    // A server may answer and close before it has read the upload: what was answered counts.
    request.on('error', (error) => {
      if (!answered) reject(error)
    })
    request.on('response', (answer) => {
      answered = true
      call.onAnswer?.(answer)
      const chunks: RawAnswer['chunks'] = []
      answer.on('data', (bytes: Buffer) => {
        chunks.push({ bytes, afterMs: performance.now() - startedMs })
      })
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks.map((chunk) => chunk.bytes)),
          chunks,
        }),
      )
    })
    send(request, call.body, () => answered).catch(reject)
  })
}

/** node:http leaves the length of a DELETE's body out, and then nobody can find its end. */
function lengthOf(body: RawCall['body']): Record<string, string> {
  const isWhole = typeof body === 'string' || body instanceof Uint8Array
  return isWhole ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}
}

async function send(
  request: http.ClientRequest,
  body: RawCall['body'],
  isAnswered: () => boolean,
): Promise<void> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    request.end(body)
    return
  }
  request.setMaxListeners(0)
  for await (const chunk of body) {
    if (isAnswered() || request.destroyed) break
    if (!request.write(chunk)) {
      await new Promise<void>((resolve) => {
        request.once('drain', resolve)
        request.once('close', resolve)
        request.once('response', () => resolve())
      })
    }
  }
  request.end()
}
