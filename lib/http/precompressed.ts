import { existsSync, readdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'

const types: Record<string, string> = {
  js: 'application/javascript; charset=UTF-8',
  css: 'text/css; charset=UTF-8',
}

/** The paths of a build's files that lie compressed beside themselves, as `/_next/static/a.js`. */
export function listPrecompressed(folder: string): ReadonlySet<string> {
  if (!existsSync(folder)) return new Set()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Set(
    files
      .filter((file) => /\.(js|css)\.br$/.test(file))
      .map((file) => `/_next/static/${file.replaceAll('\\', '/').slice(0, -'.br'.length)}`),
  )
}

/** Puts the compressed file in the place of the one that is asked for, where brotli is taken. */
export function takePrecompressed(
  ready: ReadonlySet<string>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const path = incoming.url?.split('?')[0] ?? ''
  const type = types[path.slice(path.lastIndexOf('.') + 1)]
  if (!type || !ready.has(path) || !takesBrotli(incoming.headers['accept-encoding'])) return
  incoming.url = `${path}.br`
  outgoing.setHeader('Content-Type', type)
  outgoing.setHeader('Content-Encoding', 'br')
}

function takesBrotli(encodings: string | string[] = ''): boolean {
  return /(^|,)\s*br\s*(?!\s*;\s*q=0(\.0+)?\s*(,|$))(,|;|$)/.test(String(encodings))
}
