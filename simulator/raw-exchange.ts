import net from 'node:net'

export type RawRequest = {
  method: string
  path: string
  headers?: readonly (readonly [string, string])[]
  body?: Buffer | null
  /** HTTP/1.1 unless told. */
  version?: string
}

export type RawAnswer = {
  status: number
  reason: string
  /** As sent. */
  headers: [string, string][]
  /** HTTP chunks as they were flushed, or the whole of another body. */
  frames: Buffer[]
  /** Whether the answer ended as its framing says. */
  isComplete: boolean
}

/**
 * One exchange on a socket of its own; nothing but the bytes is interpreted. `Host` and the length
 * of a body are added when the headers have none. `received` is told how much of the body came.
 */
export function exchangeRaw(
  port: number,
  request: RawRequest,
  received: (bytes: number) => void = () => {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true })
    let bytes: Buffer = Buffer.alloc(0)
    const read = (ended: boolean) => {
      const answer = parseAnswer(bytes, request.method)
      if (!answer) {
        if (ended) reject(new Error(`no whole answer: ${bytes.toString('latin1')}`))
        return
      }
      received(answer.frames.reduce((sum, frame) => sum + frame.length, 0))
      if (!answer.isComplete && !ended) return
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => socket.write(renderRequest(port, request)))
    socket.on('data', (piece) => {
      bytes = Buffer.concat([bytes, piece])
      read(false)
    })
    socket.on('error', reject)
    socket.on('close', () => read(true))
  })
}

function renderRequest(port: number, request: RawRequest): Buffer {
  const { method, path, headers = [], body = null, version = '1.1' } = request
  const has = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted)
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  if (!has('host')) lines.unshift(`Host: 127.0.0.1:${port}\r\n`)
  if (body && !has('content-length')) lines.push(`Content-Length: ${body.length}\r\n`)
  const head = `${method} ${path} HTTP/${version}\r\n${lines.join('')}\r\n`
  return Buffer.concat([Buffer.from(head), body ?? Buffer.alloc(0)])
}

function parseAnswer(bytes: Buffer, method: string): RawAnswer | null {
  const split = bytes.indexOf('\r\n\r\n')
  if (split < 0) return null
  const [statusLine = '', ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n')
  const [, code = '', reason = ''] = /^HTTP\/1\.1 (\d+) ?(.*)$/.exec(statusLine) ?? []
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const find = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
  const status = Number(code)
  const base = { status, reason, headers }
  const rest = bytes.subarray(split + 4)
  if (method === 'HEAD' || status === 204) return { ...base, frames: [], isComplete: true }
  if (find('transfer-encoding') === 'chunked') return { ...base, ...parseChunks(rest) }
  const length = find('content-length')
  if (length === undefined) return { ...base, frames: [rest], isComplete: false }
  const body = rest.subarray(0, Number(length))
  const isComplete = rest.length >= Number(length)
  return { ...base, frames: body.length > 0 ? [body] : [], isComplete }
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
