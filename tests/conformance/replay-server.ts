import net from 'node:net'
import type { Flow } from './flow'
import type { Recorded } from './read-recorded'

export type ReceivedRequest = {
  method: string
  path: string
  headers: [string, string][]
  body: Buffer
}

/** What the recorded server would say of itself at this moment. */
export type ServerState = { tags: Buffer; ps: Buffer; version: Buffer }

export type ReplayServer = {
  url: string
  host: string
  /** Health checks and readings of the catalogue see this. */
  state: ServerState
  /** Requests that are neither; oldest first, since the last `play`. */
  received: ReceivedRequest[]
  /** The next request gets this answer, one flush at a time. */
  play(recorded: Recorded, flow: Flow): void
  stop(): Promise<void>
}

/** A server on a raw socket that gives recorded answers byte for byte, frame for frame. */
export async function startReplayServer(state: ServerState): Promise<ReplayServer> {
  let playing: { recorded: Recorded; flow: Flow } | null = null
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    readRequests(socket, (request) => answer(socket, request))
  })

  const answer = async (socket: net.Socket, request: ReceivedRequest) => {
    const own = answerOfState(request, replay.state)
    if (own) {
      socket.write(own)
      return
    }
    replay.received.push(request)
    if (playing) await playOn(socket, request, playing)
    else socket.write('HTTP/1.1 500 Nothing is playing\r\nContent-Length: 0\r\n\r\n')
    playing = null
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the replay server has no port')
  const replay: ReplayServer = {
    url: `http://127.0.0.1:${address.port}`,
    host: `127.0.0.1:${address.port}`,
    state,
    received: [],
    play(recorded, flow) {
      replay.received = []
      playing = { recorded, flow }
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return replay
}

function readRequests(
  socket: net.Socket,
  answer: (request: ReceivedRequest) => Promise<void>,
): void {
  let held: Buffer = Buffer.alloc(0)
  let answering = false
  const next = () => {
    const parsed = answering ? null : parseRequest(held)
    if (!parsed) return
    held = held.subarray(parsed.length)
    answering = true
    answer(parsed.request).then(() => {
      answering = false
      next()
    })
  }
  socket.on('data', (bytes) => {
    held = Buffer.concat([held, bytes])
    next()
  })
}

function parseRequest(bytes: Buffer): { request: ReceivedRequest; length: number } | null {
  const split = bytes.indexOf('\r\n\r\n')
  if (split < 0) return null
  const [line = '', ...rest] = bytes.subarray(0, split).toString('latin1').split('\r\n')
  const [method = '', path = ''] = line.split(' ')
  const headers = rest.map((header): [string, string] => {
    const colon = header.indexOf(':')
    return [header.slice(0, colon), header.slice(colon + 1).trim()]
  })
  const find = (name: string) => headers.find(([other]) => other.toLowerCase() === name)?.[1]
  const from = split + 4
  const body =
    find('transfer-encoding') === 'chunked'
      ? parseChunked(bytes, from)
      : parseLength(bytes, from, Number(find('content-length') ?? 0))
  return body && { request: { method, path, headers, body: body.bytes }, length: body.end }
}

function parseLength(bytes: Buffer, from: number, length: number) {
  const end = from + length
  return bytes.length < end ? null : { bytes: bytes.subarray(from, end), end }
}

function parseChunked(bytes: Buffer, from: number): { bytes: Buffer; end: number } | null {
  const parts: Buffer[] = []
  for (let at = from; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16)
    const end = line + 2 + size + 2
    if (bytes.length < end) return null
    if (size === 0) return { bytes: Buffer.concat(parts), end }
    parts.push(bytes.subarray(line + 2, end - 2))
    at = end
  }
}

function answerOfState(request: ReceivedRequest, state: ServerState): Buffer | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null
  const json = 'application/json; charset=utf-8'
  switch (request.path) {
    case '/':
      return whole('text/plain; charset=utf-8', Buffer.from('Ollama is running'))
    case '/api/tags':
      return whole(json, state.tags)
    case '/api/ps':
      return whole(json, state.ps)
    case '/api/version':
      return whole(json, state.version)
    default:
      return null
  }
}

function whole(contentType: string, body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

/** A chunk is one flush; the next one waits until the client has this one whole. */
async function playOn(
  socket: net.Socket,
  request: ReceivedRequest,
  { recorded, flow }: { recorded: Recorded; flow: Flow },
): Promise<void> {
  const { status, reason, headers, frames } = recorded.response
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`HTTP/1.1 ${status} ${reason}\r\n${lines}\r\n`)
  if (request.method === 'HEAD') return
  const isChunked = headers.some(([name]) => name.toLowerCase() === 'transfer-encoding')
  let sentBytes = 0
  for (const frame of frames) {
    await flow.untilReceived(sentBytes)
    if (isChunked) socket.write(chunkOf(frame))
    else socket.write(frame)
    if (!flow.takesOut(frame)) sentBytes += frame.length
  }
  // A refusal is read whole before it is passed on: its words decide whether another is asked.
  if (status < 400) await flow.untilReceived(sentBytes)
  if (isChunked) socket.write('0\r\n\r\n')
}

function chunkOf(frame: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${frame.length.toString(16)}\r\n`),
    frame,
    Buffer.from('\r\n'),
  ])
}
