import type { IncomingMessage } from 'node:http'
import { Decompress } from 'fzstd'
import { Refusal } from './versions'
import { AnswerCut } from './wire'
import type { SeenRequest } from './world'

const KEPT_BYTES_MAX = 65_536
const INFLATED_BYTES_MAX = 20 * 1024 * 1024
const BODY_BYTES_MAX = 256 * 1024 * 1024

/** The body as it comes; what was seen of it is kept. Throws `AnswerCut` when the client leaves. */
export async function* readChunks(
  request: IncomingMessage,
  seen: SeenRequest,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      const room = KEPT_BYTES_MAX - seen.body.length
      if (room > 0) seen.body = Buffer.concat([seen.body, chunk.subarray(0, room)])
      seen.bodyBytes += chunk.length
      yield chunk
    }
  } catch {
    throw new AnswerCut('client')
  }
}

/** The whole body; on `/v1` inflated when it is zstd. Throws `Refusal` 400 when it is too big. */
export async function readBody(request: IncomingMessage, seen: SeenRequest): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of readChunks(request, seen)) {
    if (seen.bodyBytes > BODY_BYTES_MAX) throw new Refusal(400, 'http: request body too large')
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const isZstd = request.headers['content-encoding'] === 'zstd' && seen.path.startsWith('/v1/')
  return isZstd ? inflate(body) : body
}

function inflate(body: Buffer): Buffer {
  const pieces: Uint8Array[] = []
  let size = 0
  const stream = new Decompress((piece) => {
    size += piece.length
    if (size > INFLATED_BYTES_MAX) throw new Refusal(400, 'http: request body too large')
    pieces.push(piece)
  })
  try {
    stream.push(body, true)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(400, 'failed to decompress zstd body')
  }
  return Buffer.concat(pieces)
}
