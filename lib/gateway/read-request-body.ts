import { requireModel as requireModelAllowed } from '@/lib/auth/permissions'
import { CorralError } from '@/lib/core/errors'
import { isCloudModelName } from '@/lib/core/model-name'
import { readCall } from '@/lib/dialects/read-call'
import { readMultipartCall } from '@/lib/dialects/read-multipart-call'
import { readBody } from '@/lib/http/read-body'
import type { Exchange } from './contract'
import { requireAccountSpending } from './identify'
import { requireOperation } from './require-operation'

export const multipartBytesMax = 25 * 1024 * 1024

/** Reads JSON and multipart bodies once, bounded; uploads stay streams. Null where nothing is read. */
export function readRequestBody(exchange: Exchange): Promise<Uint8Array> | null {
  switch (requireOperation(exchange).body) {
    case 'none':
      return null
    case 'upload':
      refuseLargeUpload(exchange)
      return null
    case 'json':
      return readBounded(exchange, exchange.snapshot.settings.jsonBodyBytesMax)
    case 'multipart':
      return readBounded(exchange, multipartBytesMax)
  }
}

/** Reads the call in a body. */
export function recognizeCall(exchange: Exchange, body: Uint8Array | null): void {
  if (body === null) return
  const operation = requireOperation(exchange)
  exchange.body = body
  exchange.bytesIn = body.length
  exchange.call =
    operation.body === 'multipart'
      ? readMultipartCall(exchange.request.header('content-type'), body)
      : readCall(operation, body)
}

function readBounded({ request }: Exchange, limitBytes: number): Promise<Uint8Array> {
  return readBody({
    body: request.body,
    contentEncoding: request.header('content-encoding'),
    contentLength: request.header('content-length'),
    limitBytes,
  })
}

function refuseLargeUpload(exchange: Exchange): void {
  const limit = exchange.snapshot.settings.uploadBytesMax
  const length = Number(exchange.request.header('content-length') ?? 0)
  if (limit > 0 && length > limit)
    throw new CorralError('http.body_too_large', { params: { limit } })
}

/** A6 and the owner's account: every model that the call names must be allowed. */
export function requireModel(exchange: Exchange): void {
  const { call, parameter, principal } = exchange
  const operation = requireOperation(exchange)
  exchange.model = call?.model ?? (operation.name === 'openai_model' ? parameter : null)
  if (!principal) return
  for (const name of namedModels(exchange)) {
    if (principal.kind === 'key') requireModelAllowed(principal, name)
    if (isCloudModelName(name)) requireAccountSpending(exchange, `The model "${name}"`)
  }
  if (call?.remoteHost) requireAccountSpending(exchange, 'Creating from a remote host')
}

function namedModels({ model, call }: Exchange): string[] {
  const names = [model, call?.from, call?.copy?.source, call?.copy?.destination]
  return names.filter((name): name is string => typeof name === 'string' && name !== '')
}
