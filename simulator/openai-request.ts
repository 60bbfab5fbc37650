import type { Message } from './conversation'
import type { Json, JsonObject } from './go-json'
import { type Fields, isObject, readFields } from './request-fields'
import { Refusal } from './versions'

const IMAGE_PREFIX = /^data:(?:image\/(?:jpeg|jpg|png|webp))?;base64,/

/** Reads OpenAI's `messages`. Throws `Refusal` 400. */
export function parseOpenAiMessages(list: Json[]): Message[] {
  return list.filter(isObject).flatMap(parseMessage)
}

/** OpenAI's limits and penalties as Ollama's options. Unset, temperature and top_p become 1. */
export function readOpenAiOptions(fields: Fields): JsonObject {
  const stop = fields.value('stop')
  const options: JsonObject = {
    temperature: fields.count('temperature') ?? 1,
    top_p: fields.count('top_p') ?? 1,
  }
  if (typeof stop === 'string') options.stop = [stop]
  if (Array.isArray(stop)) options.stop = stop
  const limit = fields.count('max_tokens')
  if (limit !== undefined) options.num_predict = limit
  return options
}

/** Whether the client wants thinking; undefined leaves it to the model. Throws `Refusal` 400. */
export function readOpenAiThink(fields: Fields): boolean | undefined {
  const reasoning = fields.object('reasoning')
  const effort = reasoning ? readFields(reasoning).text('effort') : fields.text('reasoning_effort')
  if (effort === '') return undefined
  if (!['none', 'minimal', 'low', 'medium', 'high', 'max', 'xhigh', 'ultra'].includes(effort)) {
    throw new Refusal(
      400,
      `invalid reasoning value: '${effort}' (must be "high", "medium", "low", "max", or "none")`,
    )
  }
  return effort !== 'none'
}

// Each part of a content becomes a message of its own.
function parseMessage(message: JsonObject): Message[] {
  const fields = readFields(message)
  const role = fields.text('role').toLowerCase()
  const calls = fields.list('tool_calls')
  const said = calls ? JSON.stringify(calls) : ''
  const content = fields.value('content')
  if (typeof content === 'string') return [{ role, content: content + said, hasImages: false }]
  if (Array.isArray(content)) return content.map((part) => parsePart(part, role))
  if (!calls) throw new Refusal(400, `invalid message content type: ${goTypeOf(content)}`)
  return [{ role, content: said, hasImages: false }]
}

function parsePart(part: Json, role: string): Message {
  if (!isObject(part)) throw new Refusal(400, 'invalid message format')
  const fields = readFields(part)
  if (fields.text('type') === 'text')
    return { role, content: fields.text('text'), hasImages: false }
  if (fields.text('type') === 'input_audio') return { role, content: '', hasImages: false }
  if (fields.text('type') !== 'image_url') throw new Refusal(400, 'invalid message format')
  const holder = fields.object('image_url')
  const url = holder ? readFields(holder).text('url') : fields.text('image_url')
  if (/^https?:/i.test(url)) {
    throw new Refusal(
      400,
      'image URLs are not currently supported, please use base64 encoded data instead',
    )
  }
  if (!IMAGE_PREFIX.test(url)) throw new Refusal(400, 'invalid image input')
  return { role, content: '', hasImages: true }
}

function goTypeOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '<nil>'
  if (typeof value === 'number') return 'float64'
  return typeof value === 'boolean' ? 'bool' : 'map[string]interface {}'
}
