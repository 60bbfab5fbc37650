import { CorralError, type ErrorCode, isCorralError } from '@/lib/core/errors'
import { newRequestId } from '@/lib/core/ids'
import { maskSecrets } from '@/lib/core/mask-secrets'
import { renderError, renderModelNotFound } from '@/lib/dialects/render-error'
import type { Dialect } from '@/lib/schemas/names'
import { lowestVersion } from './answer-from-catalogue'
import type { Exchange, GatewayAnswer, GatewayRequest } from './contract'
import { checkOrigin, corsHeaders } from './cors'
import { settle } from './settle'

/** The one place where an error becomes a response; the cause stays in the log. */
export function respondWithError(exchange: Exchange, thrown: unknown): GatewayAnswer {
  const error = isCorralError(thrown)
    ? thrown
    : new CorralError('gateway.internal', { cause: thrown })
  if (exchange.gone || error.code === 'gateway.client_left') {
    settle(exchange, { kind: 'left', observation: null })
    return { status: error.status, headers: ['Content-Length', '0'], body: null }
  }
  const rendered = render(exchange, error)
  rendered.body = maskSecrets(rendered.body)
  exchange.bytesOut = Buffer.byteLength(rendered.body)
  settle(exchange, {
    kind: 'refused',
    status: rendered.status,
    code: error.code,
    errorText: error.message,
    cause: error.cause,
  })
  return answer(exchange.request, {
    ...rendered,
    requestId: exchange.id,
    error,
    origin: checkOrigin(exchange.request, exchange.snapshot.origins),
  })
}

/** A refusal before there is an exchange: while starting. */
export function refuse(request: GatewayRequest, error: CorralError): GatewayAnswer {
  const requestId = newRequestId()
  const { contentType, body } = renderError(dialectOf(request.target), {
    ...partsOf(error),
    requestId,
  })
  return answer(request, {
    status: error.status,
    contentType,
    body,
    requestId,
    error,
    origin: { kind: 'none' },
  })
}

type Rendered = { status: number; contentType: string; body: string }

function render(exchange: Exchange, error: CorralError): Rendered {
  const { operation, model, gateway } = exchange
  if (error.code === 'routing.model_not_found' && operation) {
    return renderModelNotFound(operation, model ?? '', {
      requestId: exchange.id,
      version: lowestVersion(gateway.fleet),
    })
  }
  const dialect = operation?.dialect ?? dialectOf(exchange.path)
  return {
    status: error.status,
    ...renderError(dialect, { ...partsOf(error), requestId: exchange.id }),
  }
}

function partsOf(error: CorralError): { status: number; code: ErrorCode; text: string } {
  return { status: error.status, code: error.code, text: error.message }
}

/** Before an operation is recognised, the path alone says whose words the caller reads. */
function dialectOf(path: string): Dialect {
  if (path.includes('/v1/messages')) return 'anthropic'
  return /\/v1(\/|$)/.test(path) ? 'openai' : 'ollama'
}

function answer(
  request: GatewayRequest,
  input: Rendered & {
    requestId: string
    error: CorralError
    origin: ReturnType<typeof checkOrigin>
  },
): GatewayAnswer {
  const { error } = input
  const headers = [
    'Content-Type',
    input.contentType,
    'Content-Length',
    String(Buffer.byteLength(input.body)),
    'X-Request-Id',
    input.requestId,
  ]
  if (error.retryAfterS !== undefined) headers.push('Retry-After', String(error.retryAfterS))
  for (const [name, value] of Object.entries(error.headers)) headers.push(name, value)
  if (input.origin.kind === 'allowed') headers.push(...corsHeaders(input.origin.origin))
  return { status: input.status, headers, body: request.method === 'HEAD' ? null : input.body }
}
