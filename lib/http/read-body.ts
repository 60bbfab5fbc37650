import { Readable } from 'node:stream'
import { CorralError } from '@/lib/core/errors'
import { inNextTurn } from '@/lib/core/next-turn'
import { inflate, parseContentEncoding } from './inflate'

/**
 * Reads a whole request body, bounded before and after inflation. Throws `http.body_too_large`,
 * `http.encoding_unsupported` (a coding but gzip, br and zstd, or several), `http.encoding_broken`
 * and `http.body_incomplete`. Ends early, and stops reading, when the signal fires.
 */
export function readBody(input: {
  body: AsyncIterable<Uint8Array> | null
  contentEncoding: string | null
  contentLength: string | number | null
  limitBytes: number
  signal?: AbortSignal
}): Promise<Uint8Array> {
  const { body, limitBytes } = input
  try {
    const encoding = parseContentEncoding(input.contentEncoding)
    if (Number(input.contentLength ?? 0) > limitBytes) throw tooLarge(limitBytes)
    const bytes = body === null ? Promise.resolve(nothing) : collect(body, input)
    // Nothing waits for what is the rule: a body as it is.
    return encoding === null ? bytes : inflateRead(bytes, { encoding, limitBytes })
  } catch (error) {
    return Promise.reject(error)
  }
}

async function inflateRead(
  read: Promise<Uint8Array>,
  how: Parameters<typeof inflate>[1],
): Promise<Uint8Array> {
  const bytes = await read
  return bytes.length === 0 ? bytes : inflate(bytes, how)
}

const nothing = new Uint8Array(0)

function tooLarge(limit: number): CorralError {
  return new CorralError('http.body_too_large', { params: { limit } })
}

type Bounds = {
  contentLength: string | number | null
  limitBytes: number
  signal?: AbortSignal
}

function collect(body: AsyncIterable<Uint8Array>, bounds: Bounds): Promise<Uint8Array> {
  const { contentLength, limitBytes, signal } = bounds
  if (!(body instanceof Readable) || signal) return collectPulled(body, bounds)
  const expectedBytes = Number(contentLength ?? 0)
  const whole = takeWhole(body, expectedBytes)
  if (whole === null) return collectPushed(body, { limitBytes, expectedBytes })
  return new Promise((resolve) => inNextTurn(() => resolve(whole)))
}

/** A small body comes with its head and is here by now: listening for it costs more than all else of it. */
function takeWhole(body: Readable, expectedBytes: number): Uint8Array | null {
  const isHere = expectedBytes > 0 && body.readableLength === expectedBytes
  return isHere && !body.destroyed ? body.read() : null
}

async function collectPulled(
  body: AsyncIterable<Uint8Array>,
  { limitBytes, signal }: Bounds,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      signal?.throwIfAborted()
      size += chunk.length
      if (size > limitBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new CorralError('http.body_incomplete', { cause })
  }
  if (size > limitBytes) throw tooLarge(limitBytes)
  return joined(chunks, size)
}

/**
 * The same by events: iterating a Node stream costs more than reading a small body. The last byte
 * that was announced is the end: the stream says so a turn later.
 */
function collectPushed(
  body: Readable,
  { limitBytes, expectedBytes }: { limitBytes: number; expectedBytes: number },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    let complete = false
    const breakOff = (cause?: Error) => {
      if (complete) return
      reject(new CorralError('http.body_incomplete', { cause: cause ?? new Error('it was cut') }))
    }
    const finish = () => {
      if (complete) return
      complete = true
      inNextTurn(() => resolve(joined(chunks, size)))
    }
    if (body.destroyed || body.readableEnded) {
      breakOff()
      return
    }
    const onData = (chunk: Uint8Array) => {
      size += chunk.length
      if (size <= limitBytes) {
        chunks.push(chunk)
        if (size === expectedBytes) finish()
        return
      }
      // The refusal goes out on this socket: whoever writes it decides what becomes of the rest.
      body.off('data', onData)
      body.pause()
      reject(tooLarge(limitBytes))
    }
    body.on('data', onData)
    body.on('end', finish)
    body.on('error', breakOff)
    body.on('close', () => {
      if (!body.readableEnded) breakOff()
    })
  })
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)
}
