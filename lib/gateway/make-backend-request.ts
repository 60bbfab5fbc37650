import { Readable } from 'node:stream'
import { CorralError } from '@/lib/core/errors'
import type { Call } from '@/lib/dialects/read-call'
import { rewriteBody } from '@/lib/dialects/rewrite-body'
import { parseScheme, readFromProxy } from '@/lib/http/caller-headers'
import { forwardRequestHeaders } from '@/lib/http/forward-headers'
import type { Candidate } from '@/lib/routing/contract'
import { viaHeader } from './check-address'
import type { Exchange } from './contract'
import { requireOperation } from './require-operation'
import type { DialTarget } from './snapshot'

type BackendRequest = {
  headers: string[]
  body: Uint8Array | AsyncIterable<Uint8Array> | null
  usageInjected: boolean
}

/**
 * What goes to the backend: the client's own bytes, with the model spliced in where an alias
 * stands for it, and with usage asked for where a stream would keep it back.
 */
export function makeBackendRequest(
  exchange: Exchange,
  { candidate, target }: { candidate: Candidate; target: DialTarget },
): BackendRequest {
  const { call, body } = exchange
  const operation = requireOperation(exchange)
  if (operation.body === 'upload') {
    return {
      headers: headersFor(exchange, target),
      body: upload(exchange),
      usageInjected: false,
    }
  }
  if (!body || !call) {
    return { headers: headersFor(exchange, target), body, usageInjected: false }
  }
  const usageInjected = wantsUsage(operation.name, call)
  const rewritten = rewriteBody(body, call, {
    model: candidate.aliased ? candidate.model : null,
    includeUsage: usageInjected,
  })
  return { headers: headersFor(exchange, target), body: rewritten, usageInjected }
}

function wantsUsage(operation: string, call: Call): boolean {
  return operation === 'openai_chat' && call.stream && !call.includeUsage
}

/** C3: the client's headers less what is ours or the connection's, and who it is for. */
function headersFor(exchange: Exchange, target: DialTarget): string[] {
  const { request, gateway } = exchange
  const via = request.header(viaHeader)
  const scheme = parseScheme(readFromProxy(request, 'x-forwarded-proto', gateway.trustedProxies))
  const added = [
    'X-Forwarded-Proto',
    scheme ?? (request.secure ? 'https' : 'http'),
    'X-Request-Id',
    exchange.id,
    'X-Corral-Via',
    via === null ? gateway.nodeId : `${via}, ${gateway.nodeId}`,
  ]
  const host =
    readFromProxy(request, 'x-forwarded-host', gateway.trustedProxies) ?? request.header('host')
  if (host !== null) added.push('X-Forwarded-Host', host)
  if (exchange.address !== null) added.push('X-Forwarded-For', exchange.address)
  if (target.credential !== null) added.push('Authorization', `Bearer ${target.credential}`)
  return forwardRequestHeaders({
    rawHeaders: request.rawHeaders,
    bodyReplaced: requireOperation(exchange).body !== 'upload',
    dropped: exchange.snapshot.labelHeader,
    added,
  })
}

/** Counts what passes, and ends an upload that grows over the setting. */
function upload(exchange: Exchange): AsyncIterable<Uint8Array> | null {
  const { body } = exchange.request
  return body === null ? null : counted(exchange, body)
}

async function* counted(
  exchange: Exchange,
  body: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const limit = exchange.snapshot.settings.uploadBytesMax
  for await (const chunk of withoutDestroying(body)) {
    exchange.bytesIn += chunk.byteLength
    if (limit > 0 && exchange.bytesIn > limit) {
      exchange.uploadRefusal = new CorralError('http.body_too_large', { params: { limit } })
      throw exchange.uploadRefusal
    }
    yield chunk
  }
}

/** Who stops reading early must not take the client's socket along: the answer goes out on it. */
function withoutDestroying(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : body
}
