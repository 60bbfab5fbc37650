import { connect, type Socket } from 'node:net'

export type RawAnswer = {
  status: number
  /** Names in lower case; the first of each. */
  headers: Map<string, string>
  body: Buffer
}

export type RawExchange = {
  /** All that came back, as it came. */
  text: string
  answers: RawAnswer[]
  /** The server closed the connection, or reset it. */
  closed: boolean
}

export type RawPlan = {
  port: number
  localAddress?: string
  /** Sent one after the other, each in a write of its own. */
  pieces: readonly (Buffer | string)[]
  /** What happens once everything is written. */
  ending?: 'read' | 'half-close' | 'leave'
  /** How many answers to wait for. */
  answersMax?: number
  /** The requests are HEAD: an answer names a length and has no body. */
  isHead?: boolean
  /** Silence after which nothing more is waited for. */
  quietMs?: number
}

/** Writes bytes to a socket, whatever they are, and reads what comes back. */
export function exchangeRaw(plan: RawPlan): Promise<RawExchange> {
  const {
    port,
    localAddress = '127.0.0.1',
    pieces,
    ending = 'read',
    answersMax = 1,
    isHead = false,
    quietMs = 150,
  } = plan
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true })
    const chunks: Buffer[] = []
    let timer: NodeJS.Timeout
    let done = false
    const finish = (closed: boolean) => {
      if (done) return
      done = true
      clearTimeout(timer)
      socket.destroy()
      const bytes = Buffer.concat(chunks)
      resolve({ text: bytes.toString('latin1'), answers: parseAnswers(bytes, isHead), closed })
    }
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => finish(false), quietMs)
    }
    socket.on('error', () => finish(true))
    socket.on('end', () => finish(true))
    socket.on('close', () => finish(true))
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      wait()
      if (parseAnswers(Buffer.concat(chunks), isHead).length >= answersMax) finish(false)
    })
    socket.setNoDelay(true)
    wait()
    void writePieces(socket, pieces, wait).then(() => {
      if (done) return
      if (ending === 'leave') finish(false)
      else if (ending === 'half-close') socket.end()
    })
  })
}

async function writePieces(
  socket: Socket,
  pieces: readonly (Buffer | string)[],
  wrote: () => void,
): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
    await new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
    wrote()
    if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** The whole answers at the front of a text: framed by length, by chunks, or without a body. */
export function parseAnswers(bytes: Buffer, isHead = false): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = bytes
  for (;;) {
    const headEnd = rest.indexOf('\r\n\r\n')
    if (headEnd < 0) return answers
    const [statusLine = '', ...lines] = rest.toString('latin1', 0, headEnd).split('\r\n')
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN)
    const headers = new Map<string, string>()
    for (const line of lines) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).toLowerCase()
      if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
    }
    const after = rest.subarray(headEnd + 4)
    const body = isHead ? noBody : bodyOf(after, status, headers)
    if (body === null) return answers
    if (status >= 200 || Number.isNaN(status)) answers.push({ status, headers, body: body.bytes })
    rest = rest.subarray(headEnd + 4 + body.length)
  }
}

const noBody = { bytes: Buffer.alloc(0), length: 0 }

function bodyOf(
  rest: Buffer,
  status: number,
  headers: Map<string, string>,
): { bytes: Buffer; length: number } | null {
  if (status < 200 || status === 204 || status === 304) return noBody
  if (headers.get('transfer-encoding') === 'chunked') return chunkedBody(rest)
  const length = Number(headers.get('content-length') ?? 0)
  return rest.length < length ? null : { bytes: rest.subarray(0, length), length }
}

function chunkedBody(rest: Buffer): { bytes: Buffer; length: number } | null {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = rest.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16)
    const end = lineEnd + 2 + size + 2
    if (rest.length < end) return null
    if (size === 0) return { bytes: Buffer.concat(parts), length: end }
    parts.push(rest.subarray(lineEnd + 2, end - 2))
    at = end
  }
}
