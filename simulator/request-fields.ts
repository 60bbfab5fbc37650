import { findField, GoJsonError, type Json, type JsonObject, parseGoJson } from './go-json'

/** The Go struct that a route decodes its body into, as far as its errors can be seen. */
export type GoStruct = { name: string; fields: Record<string, GoType> }
type GoType = 'string' | 'bool' | 'int' | 'any' | { slice: string } | { map: string }

const messages: GoType = { slice: '[]api.Message' }
const options: GoType = { map: 'map[string]interface {}' }

export const STRUCTS = {
  chat: {
    name: 'ChatRequest',
    fields: {
      model: 'string',
      messages,
      stream: 'bool',
      options,
      logprobs: 'bool',
      top_logprobs: 'int',
    },
  },
  generate: {
    name: 'GenerateRequest',
    fields: {
      model: 'string',
      prompt: 'string',
      suffix: 'string',
      system: 'string',
      template: 'string',
      stream: 'bool',
      raw: 'bool',
      options,
      logprobs: 'bool',
      top_logprobs: 'int',
    },
  },
  embed: { name: 'EmbedRequest', fields: { model: 'string', options, dimensions: 'int' } },
  embedding: { name: 'EmbeddingRequest', fields: { model: 'string', prompt: 'string', options } },
  show: { name: 'ShowRequest', fields: { model: 'string', name: 'string', verbose: 'bool' } },
  named: { name: 'PullRequest', fields: { model: 'string', name: 'string', stream: 'bool' } },
  create: {
    name: 'CreateRequest',
    fields: { model: 'string', name: 'string', from: 'string', stream: 'bool' },
  },
  delete: { name: 'DeleteRequest', fields: { model: 'string', name: 'string' } },
  copy: { name: 'CopyRequest', fields: { source: 'string', destination: 'string' } },
  openaiChat: {
    name: 'ChatCompletionRequest',
    fields: {
      model: 'string',
      messages: { slice: '[]openai.Message' },
      stream: 'bool',
      max_tokens: 'int',
      seed: 'int',
    },
  },
  openaiCompletion: {
    name: 'CompletionRequest',
    fields: {
      model: 'string',
      prompt: 'string',
      stream: 'bool',
      max_tokens: 'int',
      suffix: 'string',
    },
  },
  openaiEmbed: {
    name: 'EmbedRequest',
    fields: { model: 'string', dimensions: 'int', encoding_format: 'string' },
  },
  responses: {
    name: 'ResponsesRequest',
    fields: { model: 'string', instructions: 'string', max_output_tokens: 'int', stream: 'bool' },
  },
  messages: {
    name: 'MessagesRequest',
    fields: {
      model: 'string',
      max_tokens: 'int',
      messages: { slice: '[]anthropic.MessageParam' },
      stream: 'bool',
    },
  },
} satisfies Record<string, GoStruct>

/** A decoded body: fields are found as Go finds them. */
export type Fields = {
  value(name: string): Json | undefined
  text(name: string): string
  flag(name: string): boolean | undefined
  count(name: string): number | undefined
  list(name: string): Json[] | undefined
  object(name: string): JsonObject | undefined
}

/** Decodes a body into a struct. Throws `GoJsonError` in the words of Go's decoder. */
export function parseFields(body: string, struct: GoStruct): Fields {
  const parsed = parseGoJson(body)
  if (parsed !== null && !isObject(parsed)) {
    throw new GoJsonError(
      `json: cannot unmarshal ${kindOf(parsed)} into Go value of type ${packageOf(struct)}.${struct.name}`,
    )
  }
  const object = parsed ?? {}
  for (const key in object) checkField(key, object[key] ?? null, struct)
  return readFields(object)
}

/** Reads an object that needs no check of types. */
export function readFields(object: JsonObject): Fields {
  const value = (name: string) => findField(object, name)
  return {
    value,
    text: (name) => asText(value(name)),
    flag: (name) => {
      const found = value(name)
      return typeof found === 'boolean' ? found : undefined
    },
    count: (name) => {
      const found = value(name)
      return typeof found === 'number' ? found : undefined
    },
    list: (name) => {
      const found = value(name)
      return Array.isArray(found) ? found : undefined
    },
    object: (name) => {
      const found = value(name)
      return isObject(found) ? found : undefined
    },
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function checkField(key: string, value: Json, struct: GoStruct): void {
  const name = Object.keys(struct.fields).find((field) => field === key.toLowerCase())
  const type = name === undefined ? undefined : struct.fields[name]
  if (name === undefined || type === undefined || value === null || fits(value, type)) return
  throw new GoJsonError(
    `json: cannot unmarshal ${kindOf(value, type)} into Go struct field ${struct.name}.${name} of type ${typeName(type)}`,
  )
}

function fits(value: Json, type: GoType): boolean {
  if (type === 'any') return true
  if (type === 'string') return typeof value === 'string'
  if (type === 'bool') return typeof value === 'boolean'
  if (type === 'int') return Number.isInteger(value)
  return 'slice' in type ? Array.isArray(value) : isObject(value)
}

function kindOf(value: Json, type?: GoType): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' && type === 'int') return `number ${value}`
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

function typeName(type: GoType): string {
  if (typeof type === 'string') return type
  return 'slice' in type ? type.slice : type.map
}

function packageOf(struct: GoStruct): string {
  if (struct.name === 'MessagesRequest') return 'anthropic'
  return struct.name.startsWith('ChatCompletion') || struct.name === 'ResponsesRequest'
    ? 'openai'
    : 'api'
}
