import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './faults'
import { renderGoJson } from './go-json'
import { wait, waitFor } from './wait'

export type Header = [name: string, value: string]

/** The answer was cut by a fault, or the client has left: nothing more is to be done. */
export class AnswerCut extends Error {
  constructor(readonly by: 'fault' | 'client') {
    super(`the answer was cut by the ${by}`)
  }
}

/**
 * One answer as Go's server puts it on the wire: the route's headers sorted, then `Date`, then the
 * framing; `Content-Length` for what fits into Go's 2,048 bytes of buffer, else chunked.
 */
export type Wire = {
  fault: Fault | null
  readonly isStarted: boolean
  readonly frames: number
  json(status: number, value: unknown, form?: 'gin' | 'encoder', headers?: Header[]): Promise<void>
  /** A whole body in one write. */
  body(status: number, headers: Header[], body: string | Buffer): Promise<void>
  start(headers: Header[], status?: number): void
  /** One flush of a stream. Resolves when the client's socket takes more. */
  frame(text: string): Promise<void>
  end(): void
}

const GO_BUFFER_BYTES = 2_048
const JSON_GIN: Header = ['Content-Type', 'application/json; charset=utf-8']
const JSON_PLAIN: Header = ['Content-Type', 'application/json']

export function createWire(
  request: IncomingMessage,
  response: ServerResponse,
  context: { signal: AbortSignal; common: Header[]; beforeWrite(): Promise<void>; onFrame(): void },
): Wire {
  let frames = 0
  response.removeHeader('Connection')

  const writeHead = (status: number, headers: Header[], framing: Header[]) => {
    const sorted = [...context.common, ...withFault(headers)].sort((a, b) =>
      a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0,
    )
    const close: Header[] = wantsClose(request, headers) ? [['Connection', 'close']] : []
    const length = framing.filter(isLength)
    // A client of HTTP/1.0 knows no chunks: the end of the connection ends the body.
    const isOld = request.httpVersion === '1.0'
    const chunked = isOld ? [] : framing.filter((header) => !isLength(header))
    response.writeHead(status, [...sorted, dateHeader(), ...length, ...close, ...chunked].flat())
  }

  const withFault = (headers: Header[]): Header[] =>
    wire.fault?.kind === 'content-type'
      ? [...headers.filter(([name]) => name !== 'Content-Type'), ['Content-Type', wire.fault.value]]
      : headers

  const write = async (bytes: Buffer) => {
    if (wire.fault?.kind !== 'drip') return writeOnce(bytes)
    for (const byte of bytes) {
      await writeOnce(Buffer.of(byte))
      await wait(wire.fault.byteMs ?? 1, context.signal)
    }
  }

  const writeOnce = async (bytes: Buffer) => {
    if (context.signal.aborted) throw new AnswerCut('client')
    if (response.write(bytes)) return
    await waitFor<void>(context.signal, (resolve) => {
      response.once('drain', resolve)
      return () => response.off('drain', resolve)
    })
  }

  const wire: Wire = {
    fault: null,
    get isStarted() {
      return response.headersSent
    },
    get frames() {
      return frames
    },
    json: (status, value, form = 'gin', headers = []) =>
      form === 'gin'
        ? wire.body(status, [JSON_GIN, ...headers], renderGoJson(value))
        : wire.body(status, [JSON_PLAIN, ...headers], `${renderGoJson(value)}\n`),
    body: async (status, headers, body) => {
      const bytes = Buffer.from(body)
      const isSmall = bytes.length <= GO_BUFFER_BYTES
      const hasBody = request.method !== 'HEAD' && status !== 204
      const length: Header[] =
        status === 204 || (!hasBody && bytes.length === 0)
          ? []
          : [['Content-Length', String(bytes.length)]]
      const chunked: Header[] = hasBody ? [['Transfer-Encoding', 'chunked']] : []
      writeHead(status, headers, isSmall ? length : chunked)
      if (!hasBody || bytes.length === 0) return void response.end()
      await context.beforeWrite()
      await strikeWhole(wire.fault, bytes)
      await write(bytes)
      frames += 1
      context.onFrame()
      response.end()
    },
    start: (headers, status = 200) =>
      writeHead(status, headers, [['Transfer-Encoding', 'chunked']]),
    frame: async (text) => {
      const bytes = Buffer.from(text)
      await context.beforeWrite()
      await strikeFrame(wire.fault, bytes)
      await write(bytes)
      frames += 1
      context.onFrame()
    },
    end: () => {
      response.end()
    },
  }

  const strikeFrame = async (fault: Fault | null, bytes: Buffer) => {
    if (fault === null || !isMidStream(fault) || frames < (fault.afterFrames ?? 1)) return
    wire.fault = null
    if (frames === 0) response.flushHeaders()
    if (fault.kind === 'stall') return wait(fault.ms ?? FOREVER_MS, context.signal)
    if (fault.kind === 'half-line') await writeOnce(bytes.subarray(0, Math.ceil(bytes.length / 2)))
    const isDestroyed =
      fault.kind === 'die' || (fault.kind === 'half-line' && fault.then === 'destroy')
    // What was written before must be on its way before the socket goes.
    if (isDestroyed) setImmediate(() => request.socket.destroy())
    else response.end()
    throw new AnswerCut('fault')
  }

  const strikeWhole = async (fault: Fault | null, bytes: Buffer) => {
    if (fault?.kind !== 'die' && fault?.kind !== 'half-line' && fault?.kind !== 'stall') return
    await writeOnce(bytes.subarray(0, Math.ceil(bytes.length / 2)))
    if (fault.kind === 'stall') await wait(fault.ms ?? FOREVER_MS, context.signal)
    setImmediate(() => request.socket.destroy())
    throw new AnswerCut('fault')
  }

  return wire
}

export const FOREVER_MS = 2_000_000_000

type MidStreamFault = Extract<Fault, { kind: 'die' | 'end' | 'half-line' | 'stall' }>
const MID_STREAM = new Set<Fault['kind']>(['die', 'end', 'half-line', 'stall'])

function isMidStream(fault: Fault): fault is MidStreamFault {
  return MID_STREAM.has(fault.kind)
}

function isLength(header: Header): boolean {
  return header[0] === 'Content-Length'
}

function wantsClose(request: IncomingMessage, headers: Header[]): boolean {
  const isNamed = headers.some(([name]) => name === 'Connection')
  return (
    !isNamed && (request.headers.connection?.toLowerCase() === 'close' || isUnreadUpload(request))
  )
}

/** An upload whose rest is too big for Go to read it away: the connection ends with the answer. */
export function isUnreadUpload(request: IncomingMessage): boolean {
  if (request.readableEnded || request.complete) return false
  const length = request.headers['content-length']
  return length === undefined
    ? request.headers['transfer-encoding'] !== undefined
    : Number(length) > GO_READ_AWAY_BYTES
}

const GO_READ_AWAY_BYTES = 262_144

function dateHeader(): Header {
  return ['Date', new Date().toUTCString()]
}
