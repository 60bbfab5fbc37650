import type { ErrorCode } from '@/lib/core/errors'
import type { Dialect } from '@/lib/schemas/names'
import type { Operation } from './operations'
import { renderJson } from './render-json'

export type RenderedError = { status: number; contentType: string; body: string }

/**
 * One refusal in the caller's dialect: Ollama `{"error": "…"}`, OpenAI `{"error": {…}}`,
 * Anthropic `{"type":"error", …}`. Unknown paths and methods are plain text, as gin sends them.
 */
export function renderError(
  dialect: Dialect,
  error: { status: number; code: ErrorCode; text: string; requestId: string },
): { contentType: string; body: string } {
  if (error.code === 'http.path_unknown' || error.code === 'http.method_not_allowed') {
    return { contentType: 'text/plain', body: error.text }
  }
  return { contentType: jsonWithCharset, body: renderJson(errorObject(dialect, error)) }
}

/**
 * A model that nobody has, byte for byte as each route of Ollama says it. Servers up to 0.24
 * name the model as asked on /api/show and /v1/models, later ones with its tag: `version` is the
 * server's, the newest manner where it is not given.
 */
export function renderModelNotFound(
  operation: Operation,
  model: string,
  context: { requestId?: string; version?: string | null } = {},
): RenderedError {
  const text = modelNotFoundText(operation, model, context.version ?? null)
  if (operation.dialect === 'ollama') {
    return { status: 404, contentType: jsonWithCharset, body: renderJson({ error: text }) }
  }
  const error = { status: 404, code: null, text, requestId: context.requestId ?? '' }
  return {
    status: 404,
    contentType: 'application/json',
    body: `${renderJson(errorObject(operation.dialect, error))}\n`,
  }
}

/**
 * The end of a stream that broke (D14): a line of NDJSON, or an event. `midEvent` says that what
 * the client has so far ends inside a line or event, which is closed first.
 */
export function renderStreamError(
  operation: Operation,
  error: { text: string; code: ErrorCode; requestId: string; midEvent?: boolean },
): Uint8Array {
  const known = { ...error, status: 502 }
  if (operation.dialect === 'ollama') {
    return bytes(error.midEvent ? '\n' : '', renderJson({ error: error.text }), '\n')
  }
  const gap = error.midEvent ? '\n\n' : ''
  if (operation.dialect === 'anthropic') {
    return bytes(gap, 'event: error\ndata: ', renderJson(anthropicError(known)), '\n\n')
  }
  if (operation.name === 'openai_responses') {
    // The SDK reads `error`, the API's reference has the fields beside `type`: both are there.
    const event = {
      type: 'error',
      code: error.code,
      message: error.text,
      param: null,
      ...openaiError(known),
    }
    return bytes(gap, 'event: error\ndata: ', renderJson(event), '\n\n')
  }
  return bytes(gap, 'data: ', renderJson(openaiError(known)), '\n\n')
}

const jsonWithCharset = 'application/json; charset=utf-8'

type KnownError = { status: number; code: ErrorCode | null; text: string; requestId: string }

function errorObject(dialect: Dialect, error: KnownError): unknown {
  switch (dialect) {
    case 'ollama':
      return { error: error.text }
    case 'openai':
      return openaiError(error)
    case 'anthropic':
      return anthropicError(error)
  }
}

function openaiError(error: KnownError): { error: unknown } {
  return {
    error: {
      message: error.text,
      type: openaiType(error.status),
      param: null,
      code: error.code !== null && saidByOllama.has(error.code) ? null : error.code,
    },
  }
}

// Where Ollama itself would refuse in these words, the body is Ollama's to the byte.
const saidByOllama: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'http.body_empty',
  'routing.model_missing',
  'routing.model_not_found',
])

function openaiType(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error'
    case 403:
      return 'permission_error'
    case 404:
      return 'not_found_error'
    case 429:
      return 'rate_limit_error'
    default:
      return status >= 400 && status < 500 ? 'invalid_request_error' : 'api_error'
  }
}

function anthropicError(error: KnownError): unknown {
  return {
    type: 'error',
    error: { type: anthropicType(error.status), message: error.text },
    request_id: error.requestId,
  }
}

function anthropicType(status: number): string {
  if (status === 413) return 'request_too_large'
  if (status === 503 || status === 529) return 'overloaded_error'
  return openaiType(status)
}

function modelNotFoundText(operation: Operation, model: string, version: string | null): string {
  switch (operation.name) {
    case 'embed':
    case 'embeddings':
    case 'openai_embeddings':
      return `model ${JSON.stringify(model)} not found, try pulling it first`
    case 'copy':
      return `model ${JSON.stringify(model)} not found`
    case 'show':
    case 'openai_model':
      return `model '${namesTag(version) ? withTag(model) : model}' not found`
    default:
      return `model '${model}' not found`
  }
}

function namesTag(version: string | null): boolean {
  const [major = 1, minor = 0] = (version ?? '').split('.').map(Number)
  return version === null || !(major === 0 && minor <= 24)
}

// Ollama's DisplayShortest: without the default registry and namespace, always with a tag.
function withTag(model: string): string {
  const short = model.replace(/^(registry\.ollama\.ai\/)?library\//i, '')
  return short.indexOf(':', short.lastIndexOf('/') + 1) >= 0 ? short : `${short}:latest`
}

function bytes(...texts: string[]): Uint8Array {
  return Buffer.from(texts.join(''))
}
