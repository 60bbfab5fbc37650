import type { Credential } from './contract'

/**
 * The key of a request (A2): the path prefix `/k/<key>/`, then `Authorization` (`Bearer`, `Token`,
 * or the password of `Basic`, RFC 7617), then `x-api-key`. Null where none stands; one in a scheme
 * that is not ours counts as none.
 */
export function readCredential(given: {
  pathKey: string | null
  authorization: string | null
  xApiKey: string | null
}): Credential | null {
  const { pathKey, authorization, xApiKey } = given
  if (pathKey !== null && pathKey !== '') return { token: pathKey, source: 'path' }
  const token = authorization === null ? '' : tokenOfAuthorization(authorization)
  if (token !== '') return { token, source: 'authorization' }
  const apiKey = xApiKey?.trim() ?? ''
  return apiKey === '' ? null : { token: apiKey, source: 'x-api-key' }
}

function tokenOfAuthorization(header: string): string {
  // As nearly all send it.
  if (header.startsWith('Bearer op_')) return header.slice(7).trim()
  const text = header.trim()
  const space = text.search(/[ \t]/)
  if (space < 0) return ''
  const scheme = text.slice(0, space).toLowerCase()
  const rest = text.slice(space).trim()
  if (scheme === 'bearer' || scheme === 'token') return rest
  return scheme === 'basic' ? passwordOfBasic(rest) : ''
}

function passwordOfBasic(encoded: string): string {
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? '' : text.slice(colon + 1)
}
