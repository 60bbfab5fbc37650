import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Found } from './routes'
import type { Header } from './wire'

const ALLOWED_HEADERS =
  'Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,X-Stainless-Async,X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang,X-Stainless-Os,X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count,X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout'
const ALLOWED_METHODS = 'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS'
const APP_ORIGIN = /^(app|file|tauri|vscode-webview|vscode-file):\/\//
const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d+)?$/

/** What stands before the routes: CORS first, then the check of `Host`. */
export type Door =
  | { kind: 'open'; headers: Header[] }
  | { kind: 'preflight'; headers: Header[] }
  | { kind: 'closed' }

export function openDoor(request: IncomingMessage, found: Found): Door {
  const { origin, host = '' } = request.headers
  const isForeign = origin !== undefined && ![`http://${host}`, `https://${host}`].includes(origin)
  if (isForeign && !LOCAL_ORIGIN.test(origin) && !APP_ORIGIN.test(origin)) return { kind: 'closed' }
  if (isForeign && request.method === 'OPTIONS')
    return { kind: 'preflight', headers: listPreflight(origin, found) }
  if (!isAllowedHost(host)) return { kind: 'closed' }
  const cors: Header[] = isForeign
    ? [
        ['Access-Control-Allow-Origin', origin],
        ['Vary', 'Origin'],
      ]
    : []
  return { kind: 'open', headers: cors }
}

export function listAllowed(found: Found): Header[] {
  const methods = found.routes.map((route) => route.method).join(', ')
  return methods === '' ? [] : [['Allow', methods]]
}

function listPreflight(origin: string, found: Found): Header[] {
  return [
    ['Access-Control-Allow-Headers', ALLOWED_HEADERS],
    ['Access-Control-Allow-Methods', ALLOWED_METHODS],
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Max-Age', '43200'],
    ...listAllowed(found),
    ['Vary', 'Origin'],
    ['Vary', 'Access-Control-Request-Method'],
    ['Vary', 'Access-Control-Request-Headers'],
  ]
}

// As a server that is bound to loopback decides it.
function isAllowedHost(hostWithPort: string): boolean {
  const host = hostWithPort
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  if (host === '' || host === 'localhost') return true
  if (isIP(host) !== 0) return isPrivateAddress(host)
  return /\.(localhost|local|internal)$/.test(host)
}

function isPrivateAddress(host: string): boolean {
  return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0$|::1$|::$|f[cd])/.test(host)
}
