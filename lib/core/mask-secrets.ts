const masked = '[masked]'
const depthMax = 5

const secretNames = new Set([
  'apikey',
  'authorization',
  'cookie',
  'credential',
  'credentials',
  'key',
  'keytoken',
  'adminpassword',
  'password',
  'passwordhash',
  'proxyauthorization',
  'sealedcredential',
  'secret',
  'secrets',
  'setcookie',
  'token',
  'xapikey',
])

/** The fields of a log line with every value masked whose name says that it is a secret. */
export function maskSecretFields(fields: Record<string, unknown>): Record<string, unknown> {
  return maskObject(fields, 0)
}

/**
 * Masks what looks like a secret inside a text, as the last guard: our keys (the prefix stays),
 * `/k/<key>/` in a path, bearer tokens, and passwords in addresses.
 */
export function maskSecrets(text: string): string {
  if (!suspicious.test(text)) return text
  return text
    .replace(ownKey, (_, prefix: string) => `${prefix}_${masked}`)
    .replace(keyInPath, (_, start: string) => `${start}${masked}`)
    .replace(bearer, (_, scheme: string) => `${scheme} ${masked}`)
    .replace(passwordInUrl, (_, user: string) => `${user}:${masked}@`)
}

// Asked of every line, so it must be cheap: a replacement is tried only on what it finds.
const suspicious =
  /op_[0-9A-Za-z-]{1,40}_|\/k\/|[Bb]earer |BEARER |[Bb]asic |BASIC |[Tt]oken |TOKEN |:\/\/[^/\s"]*@/
const ownKey = /(op_[0-9A-Za-z-]{1,40})_[0-9A-Za-z_-]{8,}/g
const keyInPath = /(\/k\/)(?!op_)[^/\s"\\?]+/g
const bearer = /\b(bearer|basic|token) [A-Za-z0-9._~+/=-]{16,}/gi
const passwordInUrl = /(:\/\/[^/\s":@]*):[^/\s"@]+@/g

function maskObject(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null
  for (const name in fields) {
    const value = fields[name]
    const shown = isSecretName(name) ? maskValue(value) : maskNested(value, depth)
    if (shown === value) continue
    copy ??= { ...fields }
    copy[name] = shown
  }
  return copy ?? fields
}

function maskNested(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (depth >= depthMax) return masked
  if (Array.isArray(value)) return value.map((each) => maskNested(each, depth + 1))
  return isPlain(value) ? maskObject(value, depth + 1) : value
}

function maskValue(value: unknown): unknown {
  return value === null || value === undefined ? value : masked
}

function isSecretName(name: string): boolean {
  const known = knownNames.get(name)
  if (known !== undefined) return known
  const secret = secretNames.has(name.replace(/[-_]/g, '').toLowerCase())
  if (knownNames.size < knownNamesMax) knownNames.set(name, secret)
  return secret
}

// A line has a dozen names, and they are always the same.
const knownNames = new Map<string, boolean>()
const knownNamesMax = 2000

function isPlain(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
