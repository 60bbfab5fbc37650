import { checkCapability, checkCompletes } from './check-ask'
import { unixNow } from './clock-text'
import { lastTextOf, type Message, renderPrompt } from './conversation'
import { type Json, type JsonObject, renderGoJson } from './go-json'
import {
  type Ask,
  type Dialect,
  type Ending,
  NOTHING_ASKED,
  type Part,
  recordTokens,
  runInference,
} from './inference'
import { randomBelow } from './openai-answers'
import { orRefuse, orRefuseAtTheDoor, readOpenAi, refuse } from './openai-refusals'
import { type Fields, isObject, readFields } from './request-fields'
import { createResponsesEvents } from './responses-events'
import { SSE_HEADERS } from './routes-anthropic'
import { getModel } from './routes-native'
import { Refusal } from './versions'
import type { Exchange } from './world'

/** `POST /v1/responses` */
export async function answerResponses(exchange: Exchange): Promise<void> {
  const fields = await readOpenAi(exchange, 'responses')
  if (!fields) return
  const messages = await orRefuseAtTheDoor(exchange, () => parseInput(fields))
  if (!messages) return
  const modelName = fields.text('model')
  const stream = fields.flag('stream') === true
  const tools = parseTools(fields)
  const dialect = createResponsesDialect(exchange, fields, stream)
  await orRefuse(dialect, async () => {
    if (modelName === '') throw new Refusal(400, 'model is required')
    const model = getModel(exchange, modelName)
    checkCompletes(model, { modelName, for: 'chat' })
    if (tools.length > 0) checkCapability(model, 'tools')
    const reasoning = fields.object('reasoning')
    const effort = reasoning ? readFields(reasoning).text('effort') : ''
    const limit = fields.count('max_output_tokens')
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
      format: readTextFormat(fields),
      thinks: model.capabilities.includes('thinking') && effort !== 'none',
      options: limit === undefined ? {} : { num_predict: limit },
    }
    await runInference(exchange, ask, dialect)
  })
}

function createResponsesDialect(exchange: Exchange, fields: Fields, stream: boolean): Dialect {
  const { wire } = exchange
  const ids = { response: `resp_${randomBelow(999_999)}`, item: `msg_${randomBelow(999_999)}` }
  const events = createResponsesEvents(ids, (status, output, usage) =>
    renderResponse({ fields, id: ids.response, status, output, usage }),
  )
  const send = async (pieces: { event: string; data: object }[]) => {
    if (!wire.isStarted) wire.start([...SSE_HEADERS, ['Content-Type', 'text/event-stream']])
    for (const { event, data } of pieces) {
      await wire.frame(`event: ${event}\ndata: ${renderGoJson(sortKeys(data))}\n\n`)
    }
  }
  return {
    refuse: (status, message) => refuse(exchange, status, message, stream ? SSE_HEADERS : []),
    chunk: (part) => send(events.part(part)),
    finish: async (whole, ending) => {
      if (stream) {
        await send(events.completed(renderUsage(ending)))
        wire.end()
      } else {
        const output = listOutput(whole, ids)
        const usage = renderUsage(ending)
        const response = renderResponse({
          fields,
          id: ids.response,
          status: 'completed',
          output,
          usage,
        })
        await wire.json(200, { ...response, completed_at: unixNow() }, 'encoder')
      }
      recordTokens(exchange, ending)
    },
    // No event for an error here either: the stream just stops.
    crash: async () => wire.end(),
  }
}

function listOutput(whole: Part, ids: { response: string; item: string }): object[] {
  const reasoning = {
    id: `rs_${ids.response}`,
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: whole.thinking }],
    encrypted_content: whole.thinking,
  }
  const calls = whole.toolCalls.map((call, index) => ({
    id: `fc_${ids.response}_${index}`,
    type: 'function_call',
    status: 'completed',
    call_id: call.id,
    name: call.name,
    arguments: renderGoJson(call.arguments),
  }))
  const message = {
    id: ids.item,
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text: whole.text, annotations: [], logprobs: [] }],
  }
  return [...(whole.thinking ? [reasoning] : []), ...(calls.length > 0 ? calls : [message])]
}

function renderResponse(input: {
  fields: Fields
  id: string
  status: string
  output: object[]
  usage: object | null
}): object {
  const { fields } = input
  const format = readFormatObject(fields)
  return {
    id: input.id,
    object: 'response',
    created_at: unixNow(),
    completed_at: null,
    status: input.status,
    incomplete_details: null,
    model: fields.text('model'),
    previous_response_id: null,
    instructions: fields.text('instructions') || null,
    output: input.output,
    error: null,
    tools: (fields.list('tools') ?? []).filter(isObject).map(renderTool),
    tool_choice: 'auto',
    truncation: fields.text('truncation') || 'disabled',
    parallel_tool_calls: true,
    text: { format: format ?? { type: 'text' } },
    top_p: fields.count('top_p') ?? 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    top_logprobs: 0,
    temperature: fields.count('temperature') ?? 1,
    reasoning: fields.object('reasoning') ?? null,
    usage: input.usage,
    max_output_tokens: fields.count('max_output_tokens') ?? null,
    max_tool_calls: null,
    store: false,
    background: fields.flag('background') ?? false,
    service_tier: 'default',
    metadata: {},
    safety_identifier: null,
    prompt_cache_key: null,
  }
}

function renderTool(tool: JsonObject): object {
  const fields = readFields(tool)
  return {
    type: fields.text('type'),
    name: fields.text('name'),
    description: fields.value('description') ?? null,
    strict: fields.value('strict') ?? null,
    parameters: fields.value('parameters') ?? null,
  }
}

function renderUsage(ending: Ending): object {
  return {
    input_tokens: ending.promptTokens,
    output_tokens: ending.completionTokens,
    total_tokens: ending.promptTokens + ending.completionTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  }
}

// The stream's events are Go maps, which are written with sorted keys.
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}

function parseInput(fields: Fields): Message[] {
  const instructions = fields.text('instructions')
  const system = instructions ? [{ role: 'system', content: instructions, hasImages: false }] : []
  const input = fields.value('input')
  if (typeof input === 'string')
    return [...system, { role: 'user', content: input, hasImages: false }]
  if (input !== undefined && !Array.isArray(input)) {
    throw new Refusal(400, 'input must be a string or array')
  }
  return [...system, ...(input ?? []).map(parseItem)]
}

function parseItem(item: Json, index: number): Message {
  if (!isObject(item))
    throw new Refusal(400, `input[${index}]: input item missing required 'type' field`)
  const fields = readFields(item)
  const type = fields.text('type') || (fields.text('role') ? 'message' : '')
  const text = (name: string) => {
    const value = fields.value(name)
    return typeof value === 'string' ? value : JSON.stringify(value ?? '')
  }
  switch (type) {
    case 'message':
      return {
        role: fields.text('role').toLowerCase(),
        content: text('content'),
        hasImages: text('content').includes('"input_image"'),
      }
    case 'function_call':
      return { role: 'assistant', content: text('arguments'), hasImages: false }
    case 'function_call_output':
      return { role: 'tool', content: text('output'), hasImages: false }
    case 'reasoning':
    case 'web_search_call':
      return { role: 'assistant', content: text('encrypted_content'), hasImages: false }
    case '':
      throw new Refusal(400, `input[${index}]: input item missing required 'type' field`)
    default:
      throw new Refusal(400, `input[${index}]: unknown input item type: "${type}"`)
  }
}

function parseTools(fields: Fields): JsonObject[] {
  return (fields.list('tools') ?? []).filter(isObject).map((tool) => ({ function: tool }))
}

function readFormatObject(fields: Fields): JsonObject | undefined {
  const text = fields.object('text')
  return text ? readFields(text).object('format') : undefined
}

function readTextFormat(fields: Fields): Json | undefined {
  const format = readFormatObject(fields)
  if (!format) return undefined
  const read = readFields(format)
  if (read.text('type') === 'json_object') return 'json'
  return read.text('type') === 'json_schema' ? read.value('schema') : undefined
}
