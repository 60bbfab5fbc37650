/**
 * Why a backend could not be asked, as the rest of a sentence whose subject is the backend:
 * "refused the connection", "did not answer in 2.5 s". Holds no address and no secret.
 */
export function renderFailure(error: unknown): string {
  if (isNamed(error, 'ProbeTimeout') && 'timeoutMs' in error) {
    return `did not answer in ${renderSeconds(Number(error.timeoutMs))}`
  }
  if (isNamed(error, 'HTTPParserError')) return 'did not answer in HTTP'
  const code = codeOf(error)
  if (code === null) return error instanceof Error ? error.message.slice(0, 200) : 'failed'
  const known = sentences[code]
  if (known !== undefined) return known
  if (code.startsWith('ERR_SSL_')) return 'did not answer in TLS'
  if (/CERT|SIGNATURE/.test(code)) return `has a certificate that is not trusted (${code})`
  return `failed (${code})`
}

/** 2500 -> "2.5 s", 80 -> "80 ms". */
export function renderSeconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`
}

const sentences: Record<string, string> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke off the connection',
  EPIPE: 'broke off the connection',
  UND_ERR_SOCKET: 'broke off the connection',
  UND_ERR_CONNECT_TIMEOUT: 'did not accept a connection in time',
  ETIMEDOUT: 'did not accept a connection in time',
  ENOTFOUND: 'has a name that is not known',
  EAI_AGAIN: 'has a name that cannot be looked up now',
  EHOSTUNREACH: 'cannot be reached over the network',
  ENETUNREACH: 'cannot be reached over the network',
  EMETADATA: 'has a name that leads to a cloud metadata address, which is refused',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that is not trusted (self-signed)',
  EPROTO: 'did not answer in TLS',
}

/** The system's code, also from inside what undici and happy eyeballs wrap around it. */
function codeOf(error: unknown): string | null {
  for (let one = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++) {
    if ('code' in one && typeof one.code === 'string') return one.code
    if (one instanceof AggregateError && one.errors.length > 0) return codeOf(one.errors[0])
  }
  return null
}

function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name
}
