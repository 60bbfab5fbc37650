import { randomBytes } from 'node:crypto'
import { checkCapability, checkCompletes } from './check-ask'
import { lastTextOf, type Message, renderPrompt } from './conversation'
import { GoJsonError, type Json, type JsonObject, renderGoJson } from './go-json'
import {
  type Ask,
  type Dialect,
  type Ending,
  NOTHING_ASKED,
  type Part,
  recordTokens,
  runInference,
} from './inference'
import { orRefuse } from './openai-refusals'
import { type Fields, isObject, parseFields, readFields, STRUCTS } from './request-fields'
import { getModel } from './routes-native'
import { Refusal } from './versions'
import type { Header } from './wire'
import type { Exchange } from './world'

export const SSE_HEADERS: Header[] = [
  ['Cache-Control', 'no-cache'],
  ['Connection', 'keep-alive'],
]

/** `POST /v1/messages` */
export async function answerMessages(exchange: Exchange): Promise<void> {
  const fields = await readRequest(exchange)
  if (!fields) return
  const modelName = fields.text('model')
  const stream = fields.flag('stream') === true
  const messages = [...parseSystem(fields.value('system')), ...parseMessages(fields)]
  const tools = parseTools(fields)
  const dialect = createMessagesDialect(exchange, {
    modelName,
    stream,
    estimate: estimateTokens(fields),
  })
  await orRefuse(dialect, async () => {
    const model = getModel(exchange, modelName)
    checkCompletes(model, { modelName, for: 'chat' })
    if (tools.length > 0) checkCapability(model, 'tools')
    const thinking = fields.object('thinking')
    const isOff = thinking !== undefined && readFields(thinking).text('type') === 'disabled'
    const ask: Ask = {
      ...NOTHING_ASKED,
      modelName,
      model,
      stream,
      prompt: renderPrompt(messages, tools),
      lastUserText: lastTextOf(messages, 'user'),
      hasImages: messages.some((message) => message.hasImages),
      tools,
      hasToolResult: messages.at(-1)?.role === 'tool',
      thinks: model.capabilities.includes('thinking') && !isOff,
      options: {
        num_predict: fields.count('max_tokens') ?? 0,
        stop: fields.list('stop_sequences') ?? [],
      },
    }
    await runInference(exchange, ask, dialect)
  })
}

/** An error as the Anthropic middleware writes what a native route has refused. */
export function refuseMessages(
  exchange: Exchange,
  status: number,
  message: string,
  headers: Header[] = [],
): Promise<void> {
  return exchange.wire.json(status, renderError(status, message), 'encoder', headers)
}

async function readRequest(exchange: Exchange): Promise<Fields | null> {
  const body = (await exchange.readBody()).toString('utf8')
  try {
    const fields = parseFields(body, STRUCTS.messages)
    if (fields.text('model') === '') throw new Refusal(400, 'model is required')
    if ((fields.count('max_tokens') ?? 0) <= 0) {
      throw new Refusal(400, 'max_tokens is required and must be positive')
    }
    if ((fields.list('messages') ?? []).length === 0) throw new Refusal(400, 'messages is required')
    return fields
  } catch (error) {
    if (!(error instanceof GoJsonError || error instanceof Refusal)) throw error
    await exchange.wire.json(400, renderError(400, error.message))
    return null
  }
}

function createMessagesDialect(
  exchange: Exchange,
  shape: { modelName: string; stream: boolean; estimate: number },
): Dialect {
  const { wire } = exchange
  const id = `msg_${randomBytes(12).toString('hex')}`
  let index = 0
  let open: 'thinking' | 'text' | null = null
  let hasToolCalls = false

  const send = (event: string, data: object) =>
    wire.frame(`event: ${event}\ndata: ${renderGoJson({ type: event, ...data })}\n\n`)
  const begin = async () => {
    if (wire.isStarted) return
    wire.start([...SSE_HEADERS, ['Content-Type', 'text/event-stream']])
    await send('message_start', {
      message: {
        id,
        type: 'message',
        role: 'assistant',
        model: shape.modelName,
        content: [],
        usage: { input_tokens: shape.estimate, output_tokens: 0 },
      },
    })
  }
  const close = async () => {
    if (open === null) return
    await send('content_block_stop', { index })
    open = null
    index += 1
  }
  const say = async (kind: 'thinking' | 'text', text: string) => {
    if (open !== kind) {
      await close()
      open = kind
      await send('content_block_start', { index, content_block: { type: kind, [kind]: '' } })
    }
    await send('content_block_delta', { index, delta: { type: `${kind}_delta`, [kind]: text } })
  }
  const sayCalls = async (part: Part) => {
    for (const call of part.toolCalls) {
      hasToolCalls = true
      await close()
      const block = { type: 'tool_use', id: call.id, name: call.name, input: {} }
      await send('content_block_start', { index, content_block: block })
      const delta = { type: 'input_json_delta', partial_json: renderGoJson(call.arguments) }
      await send('content_block_delta', { index, delta })
      await send('content_block_stop', { index })
      index += 1
    }
  }

  return {
    refuse: (status, message) =>
      refuseMessages(exchange, status, message, shape.stream ? SSE_HEADERS : []),
    chunk: async (part) => {
      await begin()
      if (part.thinking) await say('thinking', part.thinking)
      if (part.text) await say('text', part.text)
      await sayCalls(part)
    },
    finish: async (whole, ending) => {
      if (!shape.stream) {
        await wire.json(
          200,
          renderMessage({ id, modelName: shape.modelName, whole, ending }),
          'encoder',
        )
        return recordTokens(exchange, ending)
      }
      await begin()
      await close()
      await send('message_delta', {
        delta: { stop_reason: renderReason(ending, hasToolCalls) },
        usage: renderUsage(ending),
      })
      await send('message_stop', {})
      wire.end()
      recordTokens(exchange, ending)
    },
    // The converter has no event for an error: the stream just stops.
    crash: async () => wire.end(),
  }
}

function renderMessage(input: {
  id: string
  modelName: string
  whole: Part
  ending: Ending
}): object {
  const { whole, ending } = input
  const calls = whole.toolCalls.map((call) => ({
    type: 'tool_use',
    id: call.id,
    name: call.name,
    input: call.arguments,
  }))
  return {
    id: input.id,
    type: 'message',
    role: 'assistant',
    model: input.modelName,
    content: [
      ...(whole.thinking ? [{ type: 'thinking', thinking: whole.thinking }] : []),
      ...(whole.text ? [{ type: 'text', text: whole.text }] : []),
      ...calls,
    ],
    stop_reason: renderReason(ending, calls.length > 0),
    usage: renderUsage(ending),
  }
}

function renderReason(ending: Ending, hasToolCalls: boolean): string {
  if (hasToolCalls) return 'tool_use'
  return ending.reason === 'length' ? 'max_tokens' : 'end_turn'
}

function renderUsage(ending: Ending): object {
  return { input_tokens: ending.promptTokens, output_tokens: ending.completionTokens }
}

function renderError(status: number, message: string): object {
  const types: Record<number, string> = {
    400: 'invalid_request_error',
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    429: 'rate_limit_error',
    503: 'overloaded_error',
    529: 'overloaded_error',
  }
  return {
    type: 'error',
    error: { type: types[status] ?? 'api_error', message },
    request_id: `req_${randomBytes(12).toString('hex')}`,
  }
}

function parseSystem(system: Json | undefined): Message[] {
  const content = typeof system === 'string' ? system : joinTexts(system)
  return content ? [{ role: 'system', content, hasImages: false }] : []
}

function parseMessages(fields: Fields): Message[] {
  return (fields.list('messages') ?? []).filter(isObject).map((message) => {
    const read = readFields(message)
    const content = read.value('content')
    const blocks = Array.isArray(content) ? content.filter(isObject).map(readFields) : []
    const has = (type: string) => blocks.some((block) => block.text('type') === type)
    return {
      role: has('tool_result') ? 'tool' : read.text('role').toLowerCase(),
      content: typeof content === 'string' ? content : joinTexts(content),
      hasImages: has('image'),
    }
  })
}

function joinTexts(blocks: Json | undefined): string {
  if (!Array.isArray(blocks)) return ''
  return blocks
    .filter(isObject)
    .map((block) => {
      const fields = readFields(block)
      return fields.text('text') || (fields.text('type') === 'text' ? '' : JSON.stringify(block))
    })
    .join('')
}

function parseTools(fields: Fields): JsonObject[] {
  return (fields.list('tools') ?? []).filter(isObject).map((tool) => {
    const read = readFields(tool)
    return {
      type: 'function',
      function: { name: read.text('name'), parameters: read.object('input_schema') ?? {} },
    }
  })
}

// Ollama guesses the input's size for `message_start`: a quarter of the bytes of what it was sent.
function estimateTokens(fields: Fields): number {
  const system = fields.value('system')
  const messages = (fields.list('messages') ?? []).filter(isObject).map(readFields)
  const tools = (fields.list('tools') ?? []).filter(isObject).map(readFields)
  const texts = [
    typeof system === 'string' ? system : joinTexts(system),
    ...messages.flatMap((message) => {
      const content = message.value('content')
      return [message.text('role'), typeof content === 'string' ? content : joinTexts(content)]
    }),
    ...tools.flatMap((tool) => [
      tool.text('name'),
      tool.text('description'),
      JSON.stringify(tool.object('input_schema') ?? ''),
    ]),
  ]
  return Math.max(1, Math.floor(Buffer.byteLength(texts.join('')) / 4))
}
