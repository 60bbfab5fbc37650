import { CorralError } from '@/lib/core/errors'
import { inflate, parseContentEncoding } from './inflate'

/**
 * Reads a whole request body, bounded before and after inflation. Throws `http.body_too_large`,
 * `http.encoding_unsupported` (a coding but gzip, br and zstd, or several), `http.encoding_broken`
 * and `http.body_incomplete`. Ends early, and stops reading, when the signal fires.
 */
export async function readBody(input: {
  body: AsyncIterable<Uint8Array> | null
  contentEncoding: string | null
  contentLength: string | number | null
  limitBytes: number
  signal?: AbortSignal
}): Promise<Uint8Array> {
  const { limitBytes } = input
  const encoding = parseContentEncoding(input.contentEncoding)
  if (Number(input.contentLength ?? 0) > limitBytes) throw tooLarge(limitBytes)
  const bytes = input.body ? await collect(input.body, limitBytes, input.signal) : nothing
  if (encoding === null || bytes.byteLength === 0) return bytes
  return inflate(bytes, { encoding, limitBytes })
}

const nothing = new Uint8Array(0)

function tooLarge(limit: number): CorralError {
  return new CorralError('http.body_too_large', { params: { limit } })
}

async function collect(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      signal?.throwIfAborted()
      size += chunk.byteLength
      if (size > limitBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new CorralError('http.body_incomplete', { cause })
  }
  if (size > limitBytes) throw tooLarge(limitBytes)
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)
}
