import { CorralError } from '@/lib/core/errors'
import { recognizeOperation } from '@/lib/dialects/operations'
import { normalizePath, splitPrefixes } from '@/lib/http/normalize-path'
import { asidePaths } from './answer-aside'
import type { Exchange } from './contract'

/** Normalises the path and takes the prefixes off, before anything of it may be logged. */
export function readPath(exchange: Exchange): void {
  const normal = normalizePath(exchange.request.target)
  const split = splitPrefixes(normal.path)
  exchange.path = split.path
  exchange.query = normal.query
  exchange.pathKey = split.key
  exchange.pathFrontend = split.frontend
}

/** Unknown paths are 404, known ones with another method 405: nothing unknown is forwarded. */
export function recognize(exchange: Exchange): void {
  const { request, snapshot, path } = exchange
  if (snapshot.settings.refuseHttp10 && request.httpVersion === '1.0') {
    throw new CorralError('http.version_refused')
  }
  if (exchange.pathFrontend !== null && exchange.pathFrontend !== snapshot.frontend.name) {
    throw new CorralError('http.path_unknown')
  }
  const recognized = recognizeOperation({
    method: request.method,
    path,
    extraPaths: snapshot.settings.extraPaths,
  })
  switch (recognized.kind) {
    case 'unknown':
      throw asidePaths.has(path)
        ? methodNotAllowed('HEAD, GET')
        : new CorralError('http.path_unknown')
    case 'wrong-method':
      throw methodNotAllowed(recognized.allow)
    case 'operation':
      exchange.operation = recognized.operation
      exchange.parameter = recognized.parameter
      exchange.frontend = snapshot.frontend
  }
}

function methodNotAllowed(allow: string): CorralError {
  return new CorralError('http.method_not_allowed', { headers: { Allow: allow } })
}
