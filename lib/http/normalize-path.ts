import { CorralError } from '@/lib/core/errors'

export type NormalizedTarget = {
  /** Begins with a slash; percent-encoding is left only where it means something. */
  path: string
  /** With its question mark, as it came; empty when there is none. */
  query: string
}

/**
 * The one form of a request target that both doors choose by and pass on: percent-encoded letters
 * and other unreserved characters decoded (RFC 3986, 6.2.2.2), hexadecimal in upper case, several
 * slashes as one. What could mean one thing here and another on a backend is refused with
 * `http.bad_path`: dot segments, between encoded slashes too, backslashes, control characters, NUL, bytes
 * outside ASCII, a percent sign without two digits.
 */
export function normalizePath(target: string): NormalizedTarget {
  if (plainPath.test(target)) return { path: target, query: '' }
  const question = target.indexOf('?')
  const query = question < 0 ? '' : target.slice(question)
  let path = withoutOrigin(question < 0 ? target : target.slice(0, question))
  if (!path.startsWith('/') || !plainTarget.test(path) || !plainTarget.test(query)) throw badPath()
  if (path.includes('%')) path = path.replace(percent, normalizeEscape)
  if (path.includes('//')) path = path.replace(/\/{2,}/g, '/')
  if (dotSegment.test(path)) throw badPath()
  return { path, query }
}

/**
 * Takes `/k/<key>` and `/f/<frontend>` off the front, in either order, each once. What stays is
 * safe to log: the key is only in `key`.
 */
export function splitPrefixes(path: string): {
  key: string | null
  frontend: string | null
  path: string
} {
  const split = { key: null as string | null, frontend: null as string | null, path }
  for (;;) {
    const prefix = prefixPattern.exec(split.path)
    if (!prefix) return split
    const [whole, kind, value = ''] = prefix
    const name = kind === 'k' ? 'key' : 'frontend'
    if (split[name] !== null) return split
    split[name] = decodeSegment(value)
    split.path = split.path.slice(whole.length) || '/'
  }
}

/** Has nothing in it that the rest would change or refuse, and is what nearly all clients ask for. */
const plainPath = /^(?:\/[a-z0-9_-]+)+$/
const plainTarget = /^[\x21\x22\x24-\x5b\x5d-\x7e]*$/
// What decodes %2F before it resolves dots, as nginx does, would leave the path that was checked.
const dotSegment = /(?:\/|%2F)\.{1,2}(?:\/|%2F|$)/
const prefixPattern = /^\/([kf])\/([^/]+)(?=\/|$)/
const percent = /%(..?)?/g
const unreserved = /[A-Za-z0-9._~-]/
const originForm = /^https?:\/\/[^/]*/i

function badPath(): CorralError {
  return new CorralError('http.bad_path')
}

function withoutOrigin(target: string): string {
  return originForm.test(target) ? target.replace(originForm, '') || '/' : target
}

function normalizeEscape(sequence: string, digits: string | undefined): string {
  if (!digits || !/^[0-9a-f]{2}$/i.test(digits)) throw badPath()
  const code = Number.parseInt(digits, 16)
  const character = String.fromCharCode(code)
  if (code < 0x20 || code === 0x7f || character === '\\') throw badPath()
  return unreserved.test(character) ? character : sequence.toUpperCase()
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw badPath()
  }
}
