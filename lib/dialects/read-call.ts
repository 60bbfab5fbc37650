import { CorralError } from '@/lib/core/errors'
import { JsonKeys } from './json-keys'
import type { JsonObjectScan, JsonSpan, JsonType } from './json-text'
import { findMember, isEmptyContainer, readScalar, scanJsonObject } from './json-text'
import type { Operation } from './operations'
import { readNeeds } from './read-needs'
import type { BodyEdits } from './rewrite-body'
import { noEdits, readEdits } from './rewrite-body'

/** What the gateway needs to know of a body; everything else stays bytes. */
export type Call = {
  /** As asked: `model`, or `name` where Ollama takes it and `model` is absent or "". */
  model: string | null
  stream: boolean
  numCtx: number | null
  /** The text of the value: `5m`, `0`, `-1`. */
  keepAlive: string | null
  needs: { images: boolean; tools: boolean; thinking: boolean }
  /** An empty prompt loads a model, or unloads it. */
  promptEmpty: boolean
  /** Characters of prompt, messages and input: only for estimates. */
  inputChars: number
  /** `stream_options.include_usage` as the client sent it. */
  includeUsage: boolean
  copy: { source: string; destination: string } | null
  from: string | null
  remoteHost: string | null
  edits: BodyEdits
}

/**
 * Reads the call in a JSON body, as Go's decoder in Ollama would: keys without case, `null` is
 * absent, unknown keys are left alone. A key that decides what is checked, and stands twice, is
 * refused, or one model could be checked and another served. Throws `http.body_empty`,
 * `http.body_not_json`, `http.body_key_twice`, `http.body_field_wrong`, and for a missing model
 * what the route itself would say: `routing.model_missing` or `routing.model_not_found`.
 */
export function readCall(operation: Operation, body: Uint8Array): Call {
  if (body.length === 0) return readEmptyBody(operation)
  const scan = scanJsonObject(body, wantedKeys)
  for (const key of scan.repeated) {
    if (decidingKeys.has(key)) throw new CorralError('http.body_key_twice', { params: { key } })
  }
  const fields = fieldReader(body, scan)
  const model = readModel(operation, fields)
  if (model === null && operation.needsModel) throw missingModel(operation)
  const edits = readEdits(body, scan, {
    modelKey: takesName(operation) && !fields.string('model') ? 'name' : 'model',
    readsStreamOptions: readsStreamOptions.has(operation.name),
  })
  const input = readNeeds(body, scan.members)
  return {
    model,
    stream: streams.has(operation.name)
      ? (fields.boolean('stream') ?? operation.streamsByDefault)
      : false,
    numCtx: readNumCtx(body, scan),
    keepAlive: readKeepAlive(body, scan),
    needs: input.needs,
    promptEmpty: isPromptEmpty(operation, body, scan),
    inputChars: input.inputChars,
    includeUsage: edits.includesUsage,
    copy: operation.name === 'copy' ? readCopy(fields) : null,
    from: operation.name === 'create' ? fields.string('from') : null,
    remoteHost: operation.name === 'create' ? fields.string('remote_host') : null,
    edits,
  }
}

const decidingKeys: ReadonlySet<string> = new Set([
  'model',
  'name',
  'stream',
  'stream_options',
  'source',
  'destination',
  'from',
  'remote_host',
])
const wantedKeys = new JsonKeys([
  ...decidingKeys,
  'options',
  'keep_alive',
  'prompt',
  'suffix',
  'system',
  'messages',
  'input',
  'instructions',
  'images',
  'tools',
  'think',
  'thinking',
  'reasoning',
  'reasoning_effort',
])

const streams: ReadonlySet<string> = new Set([
  'chat',
  'generate',
  'pull',
  'push',
  'create',
  'openai_chat',
  'openai_completions',
  'openai_responses',
  'anthropic_messages',
  'extra',
])
const readsStreamOptions: ReadonlySet<string> = new Set(['openai_chat', 'openai_completions'])

function readEmptyBody(operation: Operation): Call {
  if (operation.name !== 'extra') throw new CorralError('http.body_empty')
  return { ...emptyCall, stream: operation.streamsByDefault }
}

/** A call of which nothing is known. */
export const emptyCall: Call = {
  model: null,
  stream: false,
  numCtx: null,
  keepAlive: null,
  needs: { images: false, tools: false, thinking: false },
  promptEmpty: false,
  inputChars: 0,
  includeUsage: false,
  copy: null,
  from: null,
  remoteHost: null,
  edits: noEdits,
}

type Fields = {
  string(key: string): string | null
  boolean(key: string): boolean | null
}

function fieldReader(body: Uint8Array, scan: JsonObjectScan): Fields {
  const find = (key: string, type: JsonType, expected: string): JsonSpan | null => {
    const span = scan.members.get(key)
    if (!span || span.type === 'null') return null
    if (span.type !== type) throw wrongField(key, expected)
    return span
  }
  return {
    string(key) {
      const span = find(key, 'string', 'a string')
      if (!span) return null
      if (span.end - span.start > textBytesMax) throw wrongField(key, 'a shorter string')
      return String(readScalar(body, span))
    },
    boolean(key) {
      const span = find(key, 'boolean', 'true or false')
      return span ? readScalar(body, span) === true : null
    },
  }
}

// Names and addresses go into records, logs and headers.
export const textBytesMax = 4096

function wrongField(key: string, expected: string): CorralError {
  return new CorralError('http.body_field_wrong', { params: { key, expected } })
}

function takesName(operation: Operation): boolean {
  switch (operation.name) {
    case 'show':
    case 'pull':
    case 'push':
    case 'create':
    case 'delete':
      return true
    default:
      return false
  }
}

function readModel(operation: Operation, fields: Fields): string | null {
  if (operation.name === 'copy') return null
  const model = fields.string('model')
  if (model) return model
  return (takesName(operation) && fields.string('name')) || null
}

// /api/generate and /v1/completions, which ends there, look the empty name up and do not find it.
function missingModel(operation: Operation): CorralError {
  return operation.name === 'generate' || operation.name === 'openai_completions'
    ? new CorralError('routing.model_not_found', { params: { model: '' } })
    : new CorralError('routing.model_missing')
}

function readCopy(fields: Fields): { source: string; destination: string } {
  const source = fields.string('source')
  if (!source) throw wrongField('source', 'the name of a model')
  const destination = fields.string('destination')
  if (!destination) throw wrongField('destination', 'the name of a model')
  return { source, destination }
}

function readNumCtx(body: Uint8Array, scan: JsonObjectScan): number | null {
  const options = scan.members.get('options')
  if (options?.type !== 'object') return null
  // `options` is a map in Ollama, not a struct: its keys are matched with their case.
  const span = findMember(body, options, 'num_ctx')
  if (span?.type !== 'number') return null
  return Number(readScalar(body, span))
}

const keepAliveCharsMax = 64

function readKeepAlive(body: Uint8Array, scan: JsonObjectScan): string | null {
  const span = scan.members.get('keep_alive')
  if (span?.type !== 'string' && span?.type !== 'number') return null
  if (span.end - span.start > keepAliveCharsMax) return null
  return String(readScalar(body, span))
}

function isPromptEmpty(operation: Operation, body: Uint8Array, scan: JsonObjectScan): boolean {
  if (operation.name === 'chat') {
    const messages = scan.members.get('messages')
    if (!messages || messages.type === 'null') return true
    return messages.type === 'array' && isEmptyContainer(body, messages)
  }
  if (operation.name !== 'generate' && operation.name !== 'embeddings') return false
  const prompt = scan.members.get('prompt')
  if (!prompt || prompt.type === 'null') return true
  return prompt.type === 'string' && prompt.end - prompt.start === 2
}
