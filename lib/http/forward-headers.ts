/** Name, value, name, value, … as node:http and undici give and take them. */
export type RawHeaders = readonly string[]

/**
 * C3: the client's headers toward a backend. Hop-by-hop headers and those named in `Connection`,
 * credentials, cookies, `Origin`, `Referer`, `Accept-Encoding`, `Host` and `X-Forwarded-*` stay
 * here, and so do the headers that only steer this gateway (`X-Corral-*`, `X-Provider`). `added`
 * (name, value, …) comes last and replaces what the client sent under these names.
 * `bodyReplaced`: the body that goes on is ours or none, and the client's `Content-Length` and
 * `Content-Encoding` do not describe it.
 */
export function forwardRequestHeaders(input: {
  rawHeaders: RawHeaders
  bodyReplaced: boolean
  /** One more header that stays here, in lower case. */
  dropped: string | null
  added: RawHeaders
}): string[] {
  const { rawHeaders, added } = input
  const out: string[] = []
  const named = namedInConnection(rawHeaders)
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    const { lower, staysInRequests } = knowName(name)
    if (staysInRequests || lower === input.dropped || named?.has(lower)) continue
    if (input.bodyReplaced && describesBody.has(lower)) continue
    if (findHeader(added, lower) === null) out.push(name, rawHeaders[i + 1] ?? '')
  }
  for (const part of added) out.push(part)
  return out
}

/**
 * C3: a backend's headers toward the client. Hop-by-hop headers and those named in `Connection`,
 * `Server` and `X-Powered-By` go, and what only the gateway may say to a browser or about itself:
 * CORS, cookies, `X-Request-Id`, `X-Corral-*`. `Content-Length` goes where bytes may be taken out.
 */
export function forwardResponseHeaders(input: {
  rawHeaders: RawHeaders
  lengthMayChange: boolean
}): string[] {
  const { rawHeaders } = input
  const out: string[] = []
  const named = namedInConnection(rawHeaders)
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    const { lower, staysInAnswers } = knowName(name)
    if (staysInAnswers || named?.has(lower)) continue
    if (input.lengthMayChange && lower === 'content-length') continue
    out.push(name, rawHeaders[i + 1] ?? '')
  }
  return out
}

type KnownName = { lower: string; staysInRequests: boolean; staysInAnswers: boolean }

/** Names come again and again; those of one kind of client are a dozen. */
const knownNames = new Map<string, KnownName>()
const knownNamesMax = 1000
const knownCharsMax = 64

function knowName(name: string): KnownName {
  const known = knownNames.get(name)
  if (known) return known
  const lower = name.toLowerCase()
  const ours = lower.startsWith('x-corral-')
  const made = {
    lower,
    staysInRequests: ours || stayHereInRequests.has(lower) || lower.startsWith('x-forwarded-'),
    staysInAnswers: ours || stayHereInAnswers.has(lower) || lower.startsWith('access-control-'),
  }
  if (knownNames.size < knownNamesMax && name.length <= knownCharsMax) knownNames.set(name, made)
  return made
}

/** In lower case, what speaks of one connection only (RFC 9110, 7.6.1): fixed, and as it says. */
export function listConnectionHeaders(rawHeaders: RawHeaders): ReadonlySet<string> {
  const named = namedInConnection(rawHeaders)
  return named === null ? hopByHopSet : new Set([...hopByHop, ...named])
}

/** The first value of a header, by its name in lower case; null when absent. */
export function findHeader(headers: RawHeaders, lowerName: string): string | null {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i]
    if (name?.length === lowerName.length && name.toLowerCase() === lowerName) {
      return headers[i + 1] ?? null
    }
  }
  return null
}

const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]

const hopByHopSet: ReadonlySet<string> = new Set(hopByHop)

const stayHereInRequests: ReadonlySet<string> = new Set([
  ...hopByHop,
  'host',
  'expect',
  'authorization',
  'x-api-key',
  'cookie',
  'origin',
  'referer',
  'accept-encoding',
  'x-request-id',
  'x-provider',
])

const describesBody: ReadonlySet<string> = new Set(['content-length', 'content-encoding'])

const stayHereInAnswers: ReadonlySet<string> = new Set([
  ...hopByHop,
  'server',
  'x-powered-by',
  'set-cookie',
  'x-request-id',
])

function namedInConnection(headers: RawHeaders): Set<string> | null {
  let named: Set<string> | null = null
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (headers[i]?.length !== 10 || headers[i]?.toLowerCase() !== 'connection') continue
    named ??= new Set()
    for (const token of headers[i + 1]?.split(',') ?? []) named.add(token.trim().toLowerCase())
  }
  return named
}
