import fc from 'fast-check'

/** One connection's worth of hostility: once, or as often in a row as `repeat` says. */
export type HostileRequest = {
  method: string
  head: string
  body: Buffer
  repeat: number
  /** Framed well: an answer will come. */
  whole: boolean
  /** Whether a working key is in a place where Corral looks for one. */
  keyed: boolean
  cuts: number[]
  ending: 'read' | 'half-close' | 'leave'
}

const models = [
  'm',
  'm',
  'm',
  'M:LATEST',
  'm:latest',
  'library/m',
  'other',
  '',
  'x:cloud',
  '../../etc',
]

const paths = [
  ...Array<string>(24).fill('/api/chat'),
  ...Array<string>(6).fill('/v1/chat/completions'),
  '/',
  '/api/chat',
  '/api/generate',
  '/api/tags',
  '/api/ps',
  '/api/show',
  '/api/version',
  '/api/embed',
  '/api/pull',
  '/api/delete',
  '/api/copy',
  '/api/status',
  '/api/me',
  '/api/signout',
  '/api/blobs/sha256:00',
  '/api/user/keys/abc',
  '/v1/models',
  '/v1/models/m',
  '/v1/models/a%2Fb',
  '/v1/chat/completions',
  '/v1/messages',
  '/v1/audio/transcriptions',
  '/health',
  '/healthz',
  '/readyz',
  '/test',
  '/console',
  '/metrics',
  '/_next/x',
  '/v1.0/backends',
]

const tricks: ((path: string) => string)[] = [
  ...Array<(path: string) => string>(80).fill((path) => path),
  (path) => `/${path}`,
  (path) => path.replaceAll('/', '//'),
  (path) => `${path}/`,
  (path) => `${path}/..`,
  (path) => `/x/..${path}`,
  (path) => `/x/%2e%2e${path}`,
  (path) => `/x/%2E%2e%2f${path.slice(1)}`,
  (path) => `/api/blobs/..%2f..${path.replaceAll('/', '%2f')}`,
  (path) => `/api/blobs/sha256:0%2F..%2F..${path.replaceAll('/', '%2F')}`,
  (path) => `${path}%00`,
  (path) => `${path}%zz`,
  (path) => `${path}%`,
  (path) => `${path}%0d%0aX-Injected:%201`,
  (path) => path.replaceAll('/', '\\'),
  (path) => path.replace('/', '/./'),
  (path) => `${path};a=b`,
  (path) => `${path}?a=%0d%0a&b=//..`,
  (path) => `${path}?${'q'.repeat(3000)}`,
  (path) => `${path}#fragment`,
  (path) => `http://example.com${path}`,
  (path) => `https://user:pass@127.0.0.1:1${path}`,
  (path) => `http://[::1]:11434/..${path}`,
  (path) => path.toUpperCase(),
  (path) => path.replace('a', '%61'),
  (path) => path.slice(1),
  () => '*',
  () => '',
  () => 'example.com:443',
  () => '/api',
  () => '/k',
  () => '/f/',
  (path) => `/f/default${path}`,
  (path) => `/f/nobody${path}`,
  (path) => `/k/%zz${path}`,
  (path) => `/k/../..${path}`,
  (path) => `/k//${path}`,
  (path) => `/k/no%2Fkey${path}`,
  (path) => `${path}\u00e9\u00ff`,
]

const methods = [
  ...Array<string>(60).fill('POST'),
  ...Array<string>(6).fill('GET'),
  ...['HEAD', 'DELETE', 'OPTIONS', 'PUT', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'QUERY'],
  ...['get', 'post', 'constructor', '__proto__', 'GE T', '', 'P\u00d6ST', 'POST\t', 'M-SEARCH'],
]

const versions = [
  ...Array<string>(100).fill('HTTP/1.1'),
  ...['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.1 ', 'http/1.1', 'HTTP/9.9', ''],
]

const headerLines = [
  'Host: other.example',
  'Host: a\r\nHost: b',
  'Connection: keep-alive, X-Case',
  'Connection: close, Content-Length, Content-Type',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk',
  'Keep-Alive: timeout=1, max=1',
  'Proxy-Connection: keep-alive',
  'TE: trailers, deflate;q=0.5',
  'Trailer: X-Trailed',
  'Expect: 100-continue',
  'Expect: something-else',
  'X-Forwarded-For: 10.0.0.1, 1.2.3.4',
  'X-Forwarded-For: \r\nX-Forwarded-For: ,,,[::1]:80,x',
  'X-Forwarded-Host: evil',
  'X-Request-Id: mine',
  'X-Corral-Via: somebody',
  'X-Corral-Peer: 127.0.0.1',
  'X-Corral-Backend: gpu-1',
  'X-Corral-Label: gpu=none',
  'Cookie: session=1',
  'Origin: http://evil.example',
  'Origin: null',
  'Origin: http://localhost\r\nAccess-Control-Request-Method: POST',
  'Referer: http://evil.example/',
  'Content-Type: multipart/form-data; boundary=x',
  'Content-Type: text/plain\r\nContent-Type: application/json',
  'Content-Encoding: gzip',
  'Content-Encoding: br, gzip',
  'Content-Encoding: zstd',
  'Accept: text/html',
  ' Folded-First: 1',
  'X-Folded: a\r\n b: c',
  'X-Space : 1',
  'X-Nul: a\u0000b',
  'X-Bare: a\rb',
  'X-Bare-Lf: a\nContent-Length: 1000',
  'X-High: \u00e9\u00ff',
  `X-Large: ${'l'.repeat(5000)}`,
  `X-Huge: ${'h'.repeat(20_000)}`,
  Array.from({ length: 300 }, (_, i) => `X-Many-${i}: ${i}`).join('\r\n'),
  ': no name',
  'no colon',
]

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const chat = (model: string) => json({ model, stream: false, messages: [{ content: 'hé' }] })

const bodies: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...models).map(chat) },
  fc.constantFrom(
    Buffer.from('{"model":"m","MODEL":"other"}'),
    Buffer.from('{"model":"m","\\u006dodel":"other"}'),
    Buffer.from('{"model":"m","\u017ftream":true,"stream":false}'),
    Buffer.from('{"model":"m"}{"model":"other"}'),
    Buffer.from('{"model":"m"} GET /api/smuggled HTTP/1.1\r\n\r\n'),
    Buffer.from('{"model":"m","name":null,"x":1e400,"y":-0}'),
    Buffer.from('{"model":{"a":1}}'),
    Buffer.from('{"model":"m\\ud800"}'),
    Buffer.from('{"model":"m\\u0000\\r\\nX-Injected: 1"}'),
    Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
    Buffer.concat([
      Buffer.from('{"model":"m","p":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]),
    Buffer.concat([Buffer.from('{"model":"m","p":"'), Buffer.from([0xed, 0xa0, 0x80, 0x22, 0x7d])]),
    Buffer.from(`{"model":"m","p":${'['.repeat(9_000)}${']'.repeat(9_000)}}`),
    Buffer.from(`{"model":"m","p":${'['.repeat(60_000)}`),
    Buffer.from('{"a":'.repeat(20_000)),
    Buffer.from(`{"model":"m","prompt":"${'x'.repeat(300_000)}"}`),
    Buffer.from('[]'),
    Buffer.from('null'),
    Buffer.alloc(0),
    Buffer.from('--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--x--\r\n'),
    Buffer.from('--x\r\nContent-Disposition: form-data; name=model\r\n\r\nm'),
    Buffer.from('GET /api/smuggled HTTP/1.1\r\nHost: x\r\n\r\n'),
  ),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
)

const smuggled = 'POST /api/smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'

/** The headers that frame a body, and the bytes that follow them. */
type Framing = (body: Buffer) => { lines: string; bytes: Buffer; whole?: boolean }

const chunked = (body: Buffer, extension = '') =>
  Buffer.concat([
    Buffer.from(`${body.length.toString(16)}${extension}\r\n`, 'latin1'),
    body,
    Buffer.from('\r\n'),
  ])
const te = 'Transfer-Encoding: chunked\r\n'
const length = (bytes: number | string) => `Content-Length: ${bytes}\r\n`
const join = (...parts: (Buffer | string)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  )

const framings: Framing[] = [
  ...Array<Framing>(100).fill((body) => ({ lines: length(body.length), bytes: body, whole: true })),
  ...Array<Framing>(30).fill((body) => ({
    lines: te,
    bytes: join(chunked(body), '0\r\n\r\n'),
    whole: true,
  })),
  () => ({ lines: '', bytes: Buffer.alloc(0) }),
  (body) => ({ lines: '', bytes: body }),
  (body) => ({ lines: length(body.length + 50), bytes: body }),
  (body) => ({ lines: length(Math.max(0, body.length - 5)), bytes: body }),
  (body) => ({ lines: length(0), bytes: join(body, smuggled) }),
  (body) => ({ lines: length('00'), bytes: join(body) }),
  (body) => ({ lines: length(`+${body.length}`), bytes: body }),
  (body) => ({ lines: length(`${body.length}, ${body.length}`), bytes: body }),
  (body) => ({ lines: length('-1'), bytes: body }),
  (body) => ({ lines: length('0x10'), bytes: body }),
  (body) => ({ lines: length('99999999999999999999'), bytes: body }),
  (body) => ({ lines: length(body.length) + length(body.length), bytes: body }),
  (body) => ({ lines: length(0) + length(body.length), bytes: body }),
  (body) => ({ lines: te + length(4), bytes: join(chunked(body), '0\r\n\r\n', smuggled) }),
  (body) => ({ lines: length(body.length) + te, bytes: join('0\r\n\r\n', smuggled) }),
  (body) => ({ lines: 'Transfer-Encoding : chunked\r\n', bytes: join(chunked(body), '0\r\n\r\n') }),
  (body) => ({ lines: 'Transfer-Encoding:\r\n chunked\r\n', bytes: join('0\r\n\r\n', body) }),
  (body) => ({ lines: 'Transfer-Encoding: xchunked\r\n', bytes: join('0\r\n\r\n', body) }),
  (body) => ({ lines: 'Transfer-Encoding: chunked, gzip\r\n', bytes: join(chunked(body)) }),
  (body) => ({
    lines: 'Transfer-Encoding: gzip, chunked\r\n',
    bytes: join(chunked(body), '0\r\n\r\n'),
  }),
  (body) => ({ lines: te + te, bytes: join(chunked(body), '0\r\n\r\n') }),
  (body) => ({ lines: te, bytes: join(chunked(body, ';a=b;c="d"'), '0;x\r\n\r\n') }),
  (body) => ({ lines: te, bytes: join(chunked(body, '\n;x'), '0\r\n\r\n') }),
  (body) => ({
    lines: te,
    bytes: join(chunked(body), '0\r\nX-Trailed: 1\r\nContent-Length: 9\r\n\r\n'),
  }),
  (body) => ({ lines: te, bytes: join('zz\r\n', body) }),
  (body) => ({ lines: te, bytes: join('ffffffffffffffffff\r\n', body) }),
  (body) => ({ lines: te, bytes: join(`${body.length.toString(16)}\n`, body, '\n0\n\n') }),
  (body) => ({ lines: te, bytes: chunked(body) }),
]

/** Requests of every shape; `key` is a working one, `wrongKey` looks like one. */
export function hostileRequests(keys: { key: string; wrongKey: string }) {
  const { key, wrongKey } = keys
  const identities = [
    ...Array(12).fill({ keyed: true, line: `Authorization: Bearer ${key}\r\n`, prefix: '' }),
    { keyed: true, line: `x-api-key: ${key}\r\n`, prefix: '' },
    { keyed: true, line: `Authorization: Basic ${btoa(`u:${key}`)}\r\n`, prefix: '' },
    { keyed: true, line: '', prefix: `/k/${key}` },
    { keyed: true, line: `Authorization: Bearer ${key}\r\nx-api-key: ${key}\r\n`, prefix: '' },
    { keyed: false, line: '', prefix: '' },
    { keyed: false, line: `Authorization: Bearer ${wrongKey}\r\n`, prefix: '' },
    { keyed: false, line: '', prefix: `/k/${wrongKey}` },
    { keyed: false, line: `X-Key: ${key}\r\n`, prefix: '' },
  ] as { keyed: boolean; line: string; prefix: string }[]
  // Without bias: the lists are weighted by repetition, and their ends are nothing special.
  return fc
    .noBias(
      fc.record({
        method: fc.constantFrom(...methods),
        path: fc.constantFrom(...paths),
        trick: fc.constantFrom(...tricks),
        version: fc.constantFrom(...versions),
        identity: fc.constantFrom(...identities),
        headers: fc.oneof(
          { weight: 3, arbitrary: fc.constant<string[]>([]) },
          fc.subarray(headerLines, { maxLength: 3 }),
        ),
        framing: fc.constantFrom(...framings),
        body: bodies,
        lineEnd: fc.constantFrom(...Array<string>(80).fill('\r\n'), '\n', '\r'),
        cuts: fc.oneof(
          { weight: 3, arbitrary: fc.constant<number[]>([]) },
          fc.array(fc.nat(2000), { maxLength: 4 }),
        ),
        ending: fc.constantFrom<HostileRequest['ending']>(
          ...Array<'read'>(4).fill('read'),
          'half-close',
          'leave',
        ),
        repeat: fc.constantFrom(1, 1, 1, 1, 3),
      }),
    )
    .map((parts): HostileRequest => {
      const { identity, repeat, cuts } = parts
      const { lines, bytes, whole = false } = parts.framing(parts.body)
      const target = identity.prefix + parts.trick(parts.path)
      const hasHost = parts.headers.some((line) => line.startsWith('Host:'))
      const head =
        `${parts.method} ${target} ${parts.version}\r\n` +
        (hasHost ? '' : 'Host: 127.0.0.1\r\n') +
        identity.line +
        'X-Case: @\r\n' +
        parts.headers.map((line) => `${line}\r\n`).join('') +
        lines
      return {
        method: parts.method,
        head: head.replaceAll('\r\n', parts.lineEnd) + parts.lineEnd,
        body: bytes,
        repeat,
        whole: whole && parts.lineEnd === '\r\n',
        keyed: identity.keyed,
        cuts,
        ending: parts.ending,
      }
    })
}

/** The bytes of a request, in pieces. `id` stands in a header that goes on to a backend. */
export function renderPieces(request: HostileRequest, id: number): Buffer[] {
  const once = join(request.head.replace('X-Case: @', `X-Case: ${id}`), request.body)
  const bytes = Buffer.concat(Array<Buffer>(request.repeat).fill(once))
  const places = [...new Set(request.cuts.map((at) => at % bytes.length))].sort((a, b) => a - b)
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length))
}
