import { checkCapability } from './check-ask'
import { renderNow, unixNow } from './clock-text'
import { lastTextOf, renderPrompt } from './conversation'
import { renderBase64Floats, shortenFloat } from './embedding'
import type { ToolCall } from './generation'
import { GoJsonError, type JsonObject, renderGoJson } from './go-json'
import { type Ask, type Dialect, type Ending, type Part, runInference } from './inference'
import { parseModelName } from './model-name'
import { parseOpenAiMessages, readOpenAiOptions, readOpenAiThink } from './openai-request'
import { type Fields, isObject, parseFields, readFields, STRUCTS } from './request-fields'
import { embedInputs } from './routes-embed'
import { getModel } from './routes-native'
import { Refusal } from './versions'
import type { Exchange } from './world'

/** `POST /v1/chat/completions` */
export async function answerOpenAiChat(exchange: Exchange): Promise<void> {
  const fields = await readOpenAi(exchange, 'openaiChat')
  if (!fields) return
  const list = fields.list('messages') ?? []
  if (list.length === 0) return refuseAtTheDoor(exchange, "[] is too short - 'messages'")
  const parsed = await orRefuseAtTheDoor(exchange, () => ({
    messages: parseOpenAiMessages(list),
    think: readOpenAiThink(fields),
  }))
  if (!parsed) return
  const { messages } = parsed
  const tools = (fields.list('tools') ?? []).filter(isObject)
  const modelName = fields.text('model')
  const stream = fields.flag('stream') === true
  const dialect = createChatDialect(exchange, {
    modelName,
    stream,
    includeUsage: wantsUsage(fields),
  })
  await orRefuse(dialect, async () => {
    if (modelName === '') throw new Refusal(400, 'model is required')
    const model = getModel(exchange, modelName)
    checkCapability(model, 'completion')
    if (tools.length > 0) checkCapability(model, 'tools')
    const canThink = model.capabilities.includes('thinking')
    if (parsed.think === true && !canThink) {
      throw new Refusal(400, `"${modelName}" does not support thinking`)
    }
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
      format: readResponseFormat(fields),
      thinks: canThink && parsed.think !== false,
      options: readOpenAiOptions(fields),
    }
    await runInference(exchange, ask, dialect)
  })
}

/** `POST /v1/completions` */
export async function answerOpenAiCompletion(exchange: Exchange): Promise<void> {
  const fields = await readOpenAi(exchange, 'openaiCompletion')
  if (!fields) return
  const modelName = fields.text('model')
  const stream = fields.flag('stream') === true
  const prompt = fields.text('prompt')
  const dialect = createCompletionDialect(exchange, {
    modelName,
    stream,
    includeUsage: wantsUsage(fields),
  })
  await orRefuse(dialect, async () => {
    const model = getModel(exchange, modelName)
    checkCapability(model, 'completion')
    if (fields.text('suffix')) checkCapability(model, 'insert')
    const messages = [{ role: 'user', content: prompt, hasImages: false }]
    await runInference(
      exchange,
      {
        ...NOTHING_ASKED,
        modelName,
        model,
        stream,
        prompt: renderPrompt(messages, []),
        lastUserText: prompt,
        options: readOpenAiOptions(fields),
      },
      dialect,
    )
  })
}

/** `POST /v1/embeddings` */
export async function answerOpenAiEmbeddings(exchange: Exchange): Promise<void> {
  const fields = await readOpenAi(exchange, 'openaiEmbed')
  if (!fields) return
  const format = fields.text('encoding_format').toLowerCase()
  if (!['', 'float', 'base64'].includes(format)) {
    return refuseAtTheDoor(
      exchange,
      `Invalid value for 'encoding_format' = ${fields.text('encoding_format')}. Supported values: ['float', 'base64'].`,
    )
  }
  const input = fields.value('input')
  const inputs = typeof input === 'string' ? [input] : Array.isArray(input) ? input : []
  if (inputs.length === 0) return refuseAtTheDoor(exchange, 'invalid input')
  await orRefuse({ refuse: (status, message) => refuse(exchange, status, message) }, async () => {
    const texts = inputs.filter((text): text is string => typeof text === 'string')
    if (texts.length < inputs.length) throw new Refusal(400, 'invalid input type')
    const modelName = fields.text('model')
    const result = await embedInputs(exchange, { modelName, inputs: texts, fields })
    await exchange.wire.json(
      200,
      {
        object: 'list',
        data: result.vectors.map((vector, index) => ({
          object: 'embedding',
          embedding: format === 'base64' ? renderBase64Floats(vector) : vector.map(shortenFloat),
          index,
        })),
        model: modelName,
        usage: { prompt_tokens: result.promptTokens, total_tokens: result.promptTokens },
      },
      'encoder',
    )
    exchange.world.tokens.prompt += result.promptTokens
  })
}

/** `GET /v1/models` */
export async function answerOpenAiModels(exchange: Exchange): Promise<void> {
  const data = exchange.world.store.list().map((model) => renderModel(model.name, model.modifiedAt))
  // Go's nil slice: no models is null, not an empty list.
  await exchange.wire.json(200, { object: 'list', data: data.length > 0 ? data : null }, 'encoder')
}

/** `GET /v1/models/:model` */
export async function answerOpenAiModel(exchange: Exchange): Promise<void> {
  const { world, parameter } = exchange
  const model = world.store.find(parameter)
  if (model) return exchange.wire.json(200, renderModel(parameter, model.modifiedAt), 'encoder')
  await refuse(exchange, 404, renderMissingModel(exchange, parameter))
}

/** `/api/show` and `/v1/models/:model` name a missing model with its tag, in newer versions. */
export function renderMissingModel(exchange: Exchange, name: string): string {
  const parsed = exchange.world.traits.missingModelIsNamedWithTag ? parseModelName(name) : null
  const hasTag = /:[^/]*$/.test(name)
  return `model '${parsed && !hasTag ? `${name}:${parsed.tag}` : name}' not found`
}

/** An error as the OpenAI middleware writes what a native route has refused. */
export function refuse(
  exchange: Exchange,
  status: number,
  message: string,
  headers: [string, string][] = [],
): Promise<void> {
  return exchange.wire.json(status, renderError(status, message), 'encoder', headers)
}

/** An error of the middleware itself: 400, before a native route is asked. */
export function refuseAtTheDoor(exchange: Exchange, message: string): Promise<void> {
  return exchange.wire.json(400, renderError(400, message))
}

/** Runs a parser; what it refuses is refused at the door. */
export async function orRefuseAtTheDoor<T>(exchange: Exchange, parse: () => T): Promise<T | null> {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof GoJsonError || error instanceof Refusal)) throw error
    await refuseAtTheDoor(exchange, error.message)
    return null
  }
}

/** Runs a native route's work; what it refuses is written in the dialect. */
export async function orRefuse(
  dialect: Pick<Dialect, 'refuse'>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await dialect.refuse(error.status, error.message)
  }
}

/** Reads a body for `/v1`, or refuses it and gives null. */
export async function readOpenAi(
  exchange: Exchange,
  struct: keyof typeof STRUCTS,
): Promise<Fields | null> {
  const body = (await exchange.readBody()).toString('utf8')
  return orRefuseAtTheDoor(exchange, () => parseFields(body, STRUCTS[struct]))
}

export function renderOpenAiToolCall(call: ToolCall, index: number): object {
  return {
    id: call.id,
    index,
    type: 'function',
    function: { name: call.name, arguments: renderGoJson(call.arguments) },
  }
}

export const NOTHING_ASKED = {
  hasImages: false,
  tools: [],
  hasToolResult: false,
  format: undefined,
  thinks: false,
  options: {},
  keepAliveMs: undefined,
  logprobs: null,
} satisfies Partial<Ask>

type Shape = { modelName: string; stream: boolean; includeUsage: boolean }

function createChatDialect(exchange: Exchange, shape: Shape): Dialect {
  const { wire, world } = exchange
  const id = `chatcmpl-${randomBelow(999)}`
  let isFirst = true
  let hasToolCalls = false
  const renderChunk = (model: string, choices: object[], usage: object = {}) =>
    renderData({
      id,
      object: 'chat.completion.chunk',
      created: unixNow(),
      model,
      system_fingerprint: 'fp_ollama',
      choices,
      ...usage,
    })
  const renderDelta = (part: Part) => {
    const role = isFirst || world.traits.roleInEveryDelta ? { role: 'assistant' } : {}
    isFirst = false
    return { ...role, content: part.text, ...renderExtras(part) }
  }
  const begin = () => {
    if (!wire.isStarted) wire.start([['Content-Type', 'text/event-stream']])
  }
  return {
    refuse: (status, message) => refuse(exchange, status, message),
    chunk: async (part) => {
      begin()
      hasToolCalls ||= part.toolCalls.length > 0
      await wire.frame(
        renderChunk(shape.modelName, [{ index: 0, delta: renderDelta(part), finish_reason: null }]),
      )
    },
    finish: async (whole, ending) => {
      const usage = renderUsage(ending)
      if (!shape.stream) {
        await wire.json(
          200,
          renderCompletion({ id, modelName: shape.modelName, whole, ending }),
          'encoder',
        )
        return count(exchange, ending)
      }
      begin()
      const delta = world.traits.roleInEveryDelta ? { role: 'assistant', content: '' } : {}
      const reason = hasToolCalls ? 'tool_calls' : ending.reason
      const last = renderChunk(shape.modelName, [{ index: 0, delta, finish_reason: reason }])
      const counted = shape.includeUsage ? renderChunk(shape.modelName, [], { usage }) : ''
      await wire.frame(`${last}${counted}data: [DONE]\n\n`)
      wire.end()
      if (shape.includeUsage) count(exchange, ending)
    },
    crash: async () => {
      const delta = renderDelta({ text: '', thinking: '', toolCalls: [], logprobs: [] })
      await wire.frame(renderChunk('', [{ index: 0, delta, finish_reason: null }]))
      wire.end()
    },
  }
}

function createCompletionDialect(exchange: Exchange, shape: Shape): Dialect {
  const { wire } = exchange
  const id = `cmpl-${randomBelow(999)}`
  const zero = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
  const renderChunk = (model: string, choices: object[], usage: object = zero) =>
    renderData({
      id,
      object: 'text_completion',
      created: unixNow(),
      choices,
      model,
      system_fingerprint: 'fp_ollama',
      ...(shape.includeUsage ? { usage } : {}),
    })
  const begin = () => {
    if (!wire.isStarted) wire.start([['Content-Type', 'text/event-stream']])
  }
  const choice = (text: string, reason: string | null) => [
    { text, index: 0, finish_reason: reason },
  ]
  return {
    refuse: (status, message) => refuse(exchange, status, message),
    chunk: async (part) => {
      begin()
      await wire.frame(renderChunk(shape.modelName, choice(part.text, null)))
    },
    finish: async (whole, ending) => {
      if (!shape.stream) {
        await wire.json(
          200,
          {
            id,
            object: 'text_completion',
            created: unixNow(),
            model: shape.modelName,
            system_fingerprint: 'fp_ollama',
            choices: choice(whole.text, ending.reason),
            usage: renderUsage(ending),
          },
          'encoder',
        )
        return count(exchange, ending)
      }
      begin()
      const last = renderChunk(shape.modelName, choice('', ending.reason))
      const counted = shape.includeUsage
        ? renderChunk(shape.modelName, [], renderUsage(ending))
        : ''
      await wire.frame(`${last}${counted}data: [DONE]\n\n`)
      wire.end()
      if (shape.includeUsage) count(exchange, ending)
    },
    crash: async () => {
      await wire.frame(renderChunk('', choice('', null)))
      wire.end()
    },
  }
}

/** Adds what an answer has told its client to the machine's own count. */
export function count(exchange: Exchange, ending: Ending): void {
  exchange.world.tokens.prompt += ending.promptTokens
  exchange.world.tokens.completion += ending.completionTokens
}

export function randomBelow(limit: number): number {
  return Math.floor(Math.random() * limit)
}

function renderCompletion(input: {
  id: string
  modelName: string
  whole: Part
  ending: Ending
}): object {
  const { whole, ending } = input
  return {
    id: input.id,
    object: 'chat.completion',
    created: unixNow(),
    model: input.modelName,
    system_fingerprint: 'fp_ollama',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: whole.text, ...renderExtras(whole) },
        finish_reason: whole.toolCalls.length > 0 ? 'tool_calls' : ending.reason,
      },
    ],
    usage: renderUsage(ending),
  }
}

function renderExtras(part: Part): object {
  return {
    ...(part.thinking ? { reasoning: part.thinking } : {}),
    ...(part.toolCalls.length > 0 ? { tool_calls: part.toolCalls.map(renderOpenAiToolCall) } : {}),
  }
}

function renderUsage(ending: Ending): object {
  return {
    prompt_tokens: ending.promptTokens,
    completion_tokens: ending.completionTokens,
    total_tokens: ending.promptTokens + ending.completionTokens,
  }
}

function renderModel(name: string, modifiedAt: string): object {
  const created = Math.floor(Date.parse(modifiedAt || renderNow()) / 1_000)
  return { id: name, object: 'model', created, owned_by: parseModelName(name)?.namespace ?? '' }
}

function renderError(status: number, message: string): object {
  const types: Record<number, string> = { 400: 'invalid_request_error', 404: 'not_found_error' }
  return { error: { message, type: types[status] ?? 'api_error', param: null, code: null } }
}

function renderData(value: object): string {
  return `data: ${renderGoJson(value)}\n\n`
}

function wantsUsage(fields: Fields): boolean {
  const options = fields.object('stream_options')
  return options !== undefined && readFields(options).flag('include_usage') === true
}

function readResponseFormat(fields: Fields) {
  const format = fields.object('response_format')
  if (!format) return undefined
  const read = readFields(format)
  if (read.text('type') === 'json_object') return 'json'
  const schema: JsonObject | undefined = read.object('json_schema')
  return schema ? readFields(schema).value('schema') : undefined
}
