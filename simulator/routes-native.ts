import { checkCapability, checkCompletes, checkOptions } from './check-ask'
import { renderNow } from './clock-text'
import { lastTextOf, type Message, parseMessages, renderPrompt } from './conversation'
import type { ToolCall } from './generation'
import { parseKeepAlive } from './go-duration'
import { GoJsonError, type Json, type JsonObject, renderGoJson } from './go-json'
import {
  type Ask,
  type Dialect,
  type Ending,
  loadModel,
  type Part,
  recordTokens,
  runInference,
} from './inference'
import type { StoredModel } from './model-store'
import { type Fields, isObject, parseFields, STRUCTS } from './request-fields'
import { countTokens } from './text-tokens'
import { Refusal } from './versions'
import type { Exchange } from './world'

/** `POST /api/chat` */
export async function answerChat(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'chat')
  const modelName = fields.text('model')
  if (modelName === '') throw new Refusal(400, 'model is required')
  const model = getModel(exchange, modelName)
  const messages = parseMessages(fields.list('messages') ?? [])
  const tools = (fields.list('tools') ?? []).filter(isObject)
  const ask = readAsk({ fields, modelName, model, messages, tools })
  const dialect = createNativeDialect(exchange, ask, (part) => ({ message: renderMessage(part) }))
  checkCompletes(model, { modelName, for: 'chat' })
  if (tools.length > 0) checkCapability(model, 'tools')
  const opening = { message: { role: 'assistant', content: '' } }
  if (messages.length === 0) return answerLoad(exchange, ask, opening)
  if (fields.flag('_debug_render_only')) {
    return answerRenderOnly(exchange, ask, { message: { role: '', content: '' } })
  }
  await runInference(exchange, ask, dialect)
}

/** `POST /api/generate` */
export async function answerGenerate(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'generate')
  const modelName = fields.text('model')
  const model = getModel(exchange, modelName)
  const isRaw = fields.flag('raw') === true
  if (isRaw && (fields.text('template') || fields.text('system') || fields.list('context'))) {
    throw new Refusal(400, 'raw mode does not support template, system, or context')
  }
  const prompt = fields.text('prompt')
  const system = fields.text('system')
  const images = fields.list('images') ?? []
  const messages: Message[] = [
    ...(system ? [{ role: 'system', content: system, hasImages: false }] : []),
    { role: 'user', content: prompt, hasImages: images.length > 0 },
  ]
  const ask = readAsk({ fields, modelName, model, messages, tools: [] })
  if (isRaw) ask.prompt = prompt
  checkCompletes(model, { modelName, for: 'generate' })
  if (fields.text('suffix')) checkCapability(model, 'insert')
  if (prompt === '' && images.length === 0) return answerLoad(exchange, ask, { response: '' })
  if (fields.flag('_debug_render_only')) return answerRenderOnly(exchange, ask, { response: '' })
  const dialect = createNativeDialect(exchange, ask, renderResponse, (ending) =>
    isRaw ? {} : { context: listContext(ending) },
  )
  await runInference(exchange, ask, dialect)
}

/** Reads a body for `/api/*`. Throws `Refusal` 400 with Go's words. */
export async function readNative(
  exchange: Exchange,
  struct: keyof typeof STRUCTS,
): Promise<Fields> {
  const body = (await exchange.readBody()).toString('utf8')
  try {
    return parseFields(body, STRUCTS[struct])
  } catch (error) {
    if (!(error instanceof GoJsonError)) throw error
    throw new Refusal(400, error.message === 'EOF' ? 'missing request body' : error.message)
  }
}

/** Throws `Refusal` 404 in the words of the inference routes. */
export function getModel(exchange: Exchange, modelName: string): StoredModel {
  const model = exchange.world.store.find(modelName)
  const isGhost = exchange.wire.fault?.kind === 'ghost'
  if (!model || isGhost) throw new Refusal(404, `model '${modelName}' not found`)
  return model
}

function readAsk(input: {
  fields: Fields
  modelName: string
  model: StoredModel
  messages: Message[]
  tools: JsonObject[]
}): Ask {
  const { fields, messages } = input
  const options = fields.object('options') ?? {}
  checkOptions(options)
  const top = fields.count('top_logprobs') ?? 0
  if (top < 0 || top > 20) throw new Refusal(400, 'top_logprobs must be between 0 and 20')
  return {
    modelName: input.modelName,
    model: input.model,
    stream: fields.flag('stream') ?? true,
    prompt: renderPrompt(messages, input.tools),
    lastUserText: lastTextOf(messages, 'user'),
    hasImages: messages.some((message) => message.hasImages),
    tools: input.tools,
    hasToolResult: messages.at(-1)?.role === 'tool',
    format: fields.value('format'),
    thinks: readThink(fields.value('think'), input),
    options,
    keepAliveMs: readKeepAlive(fields),
    logprobs: fields.flag('logprobs') ? top : null,
  }
}

export function readKeepAlive(fields: Fields): number | undefined {
  try {
    return parseKeepAlive(fields.value('keep_alive'))
  } catch (error) {
    if (error instanceof GoJsonError) throw new Refusal(400, error.message)
    throw error
  }
}

function readThink(
  think: Json | undefined,
  asked: { modelName: string; model: StoredModel },
): boolean {
  const isLevel = typeof think === 'string'
  if (isLevel && !['low', 'medium', 'high', 'max'].includes(think)) {
    throw new Refusal(
      400,
      `invalid think value: "${think}" (must be "high", "medium", "low", "max", true, or false)`,
    )
  }
  const canThink = asked.model.capabilities.includes('thinking')
  if ((think === true || isLevel) && !canThink) {
    throw new Refusal(400, `"${asked.modelName}" does not support thinking`)
  }
  return canThink && think !== false
}

async function answerLoad(exchange: Exchange, ask: Ask, opening: object): Promise<void> {
  const isUnload = ask.keepAliveMs === 0
  if (isUnload) exchange.world.machine.unload(ask.model)
  else await loadModel(exchange, ask)
  await exchange.wire.json(200, {
    model: ask.modelName,
    created_at: renderNow(),
    ...opening,
    done: true,
    done_reason: isUnload ? 'unload' : 'load',
  })
}

async function answerRenderOnly(exchange: Exchange, ask: Ask, opening: object): Promise<void> {
  await exchange.wire.json(200, {
    model: ask.modelName,
    created_at: renderNow(),
    ...opening,
    done: false,
    _debug_info: { rendered_template: ask.prompt },
  })
}

function createNativeDialect(
  exchange: Exchange,
  ask: Ask,
  renderPart: (part: Part) => object,
  renderExtra: (ending: Ending) => object = () => ({}),
): Dialect {
  const { wire } = exchange
  const renderChunk = (part: Part, isDone: boolean) => ({
    model: ask.modelName,
    created_at: renderNow(),
    ...renderPart(part),
    done: isDone,
  })
  const begin = () => {
    if (!wire.isStarted) wire.start([['Content-Type', 'application/x-ndjson']])
  }
  return {
    refuse: (status, message) => wire.json(status, { error: message }),
    chunk: async (part) => {
      begin()
      await wire.frame(
        `${renderGoJson({ ...renderChunk(part, false), ...renderLogprobs(part) })}\n`,
      )
    },
    finish: async (whole, ending) => {
      const last = ask.stream ? { ...whole, text: '', thinking: '', logprobs: [] } : whole
      const object = {
        ...renderChunk(last, true),
        done_reason: ending.reason,
        ...renderExtra(ending),
        ...renderLogprobs(last),
        ...renderMetrics(ending),
      }
      if (ask.stream) {
        begin()
        await wire.frame(`${renderGoJson(object)}\n`)
        wire.end()
      } else {
        await wire.json(200, object)
      }
      recordTokens(exchange, ending)
    },
    crash: async (message) => {
      await wire.frame(`${renderGoJson({ error: message })}\n`)
      wire.end()
    },
  }
}

function renderMessage(part: Part): object {
  return {
    role: 'assistant',
    content: part.text,
    ...(part.thinking ? { thinking: part.thinking } : {}),
    ...(part.toolCalls.length > 0 ? { tool_calls: part.toolCalls.map(renderToolCall) } : {}),
  }
}

function renderToolCall(call: ToolCall, index: number): object {
  return { id: call.id, function: { index, name: call.name, arguments: call.arguments } }
}

function renderResponse(part: Part): object {
  return { response: part.text, ...(part.thinking ? { thinking: part.thinking } : {}) }
}

function renderLogprobs(part: Part): object {
  return part.logprobs.length > 0 ? { logprobs: part.logprobs } : {}
}

function renderMetrics(ending: Ending): object {
  return {
    total_duration: ending.totalNs,
    load_duration: ending.loadNs,
    ...(ending.promptTokens > 0 ? { prompt_eval_count: ending.promptTokens } : {}),
    prompt_eval_duration: ending.promptNs,
    ...(ending.completionTokens > 0 ? { eval_count: ending.completionTokens } : {}),
    eval_duration: ending.evalNs,
  }
}

function listContext(ending: Ending): number[] {
  const length = ending.promptTokens + ending.completionTokens
  return Array.from({ length }, (_, index) => 105 + ((index * 7_919) % 262_000))
}

/** Tokens of several inputs together. */
export function countAll(texts: string[]): number {
  return texts.reduce((sum, text) => sum + countTokens(text), 0)
}
