import net from 'node:net'

export type RawAnswer = {
  status: number
  reason: string
  /** As sent, without `Date`. */
  headers: [string, string][]
  /** HTTP chunks as the server flushed them, or the one body of a `Content-Length` answer. */
  frames: Buffer[]
  /** Whether the answer ended as its framing says. */
  isComplete: boolean
}

export type RawRequest = {
  method: string
  path: string
  headers?: Record<string, string>
  body?: Buffer
}

/** One exchange on a socket of its own; nothing but the bytes is interpreted. */
export function exchangeRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1')
    let bytes: Buffer = Buffer.alloc(0)
    const finish = () => {
      const answer = parseAnswer(bytes, request.method)
      if (answer?.isComplete) {
        socket.destroy()
        resolve(answer)
      }
    }
    socket.on('connect', () => socket.write(renderRequest(port, request)))
    socket.on('data', (piece) => {
      bytes = Buffer.concat([bytes, piece])
      finish()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const answer = parseAnswer(bytes, request.method)
      if (answer) resolve(answer)
      else reject(new Error('the socket was closed before an answer'))
    })
  })
}

function renderRequest(port: number, request: RawRequest): Buffer {
  const headers: Record<string, string> = { Host: `127.0.0.1:${port}`, ...request.headers }
  if (request.body) headers['Content-Length'] = String(request.body.length)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${request.method} ${request.path} HTTP/1.1\r\n${lines.join('')}\r\n`
  return Buffer.concat([Buffer.from(head), request.body ?? Buffer.alloc(0)])
}

function parseAnswer(bytes: Buffer, method: string): RawAnswer | null {
  const split = bytes.indexOf('\r\n\r\n')
  if (split < 0) return null
  const [statusLine = '', ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n')
  const [, status = '', reason = ''] = /^HTTP\/1\.1 (\d+) (.*)$/.exec(statusLine) ?? []
  const headers = lines
    .map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    })
    .filter(([name]) => name !== 'Date')
  const find = (name: string) => headers.find(([other]) => other === name)?.[1]
  const base = { status: Number(status), reason, headers }
  const rest = bytes.subarray(split + 4)
  if (method === 'HEAD' || base.status === 204) return { ...base, frames: [], isComplete: true }
  if (find('Transfer-Encoding') === 'chunked') return { ...base, ...parseChunks(rest) }
  const length = Number(find('Content-Length') ?? 0)
  const body = rest.subarray(0, length)
  return { ...base, frames: body.length > 0 ? [body] : [], isComplete: rest.length >= length }
}

function parseChunks(bytes: Buffer): { frames: Buffer[]; isComplete: boolean } {
  const frames: Buffer[] = []
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return { frames, isComplete: false }
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16)
    if (size === 0) return { frames, isComplete: bytes.length >= line + 4 }
    const end = line + 2 + size
    if (bytes.length < end + 2) return { frames, isComplete: false }
    frames.push(bytes.subarray(line + 2, end))
    at = end + 2
  }
}
