import { unixNow } from './clock-text'
import type { ToolCall } from './generation'
import { renderGoJson } from './go-json'
import { type Dialect, type Ending, type Part, recordTokens } from './inference'
import { refuse } from './openai-refusals'
import type { Exchange } from './world'

export type Shape = { modelName: string; stream: boolean; includeUsage: boolean }

/** `/v1/chat/completions`: the first delta names the role, the last flush carries `[DONE]`. */
export function createChatDialect(exchange: Exchange, shape: Shape): Dialect {
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
        renderChunk(shape.modelName, [
          { index: 0, delta: renderDelta(part), finish_reason: null, ...renderLogprobs(part) },
        ]),
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
        return recordTokens(exchange, ending)
      }
      begin()
      const delta = world.traits.roleInEveryDelta ? { role: 'assistant', content: '' } : {}
      const reason = hasToolCalls ? 'tool_calls' : ending.reason
      const last = renderChunk(shape.modelName, [{ index: 0, delta, finish_reason: reason }])
      const counted = shape.includeUsage ? renderChunk(shape.modelName, [], { usage }) : ''
      await wire.frame(`${last}${counted}data: [DONE]\n\n`)
      wire.end()
      if (shape.includeUsage) recordTokens(exchange, ending)
    },
    crash: async () => {
      const delta = renderDelta({ text: '', thinking: '', toolCalls: [], logprobs: [] })
      await wire.frame(renderChunk('', [{ index: 0, delta, finish_reason: null }]))
      wire.end()
    },
  }
}

/** `/v1/completions` */
export function createCompletionDialect(exchange: Exchange, shape: Shape): Dialect {
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
        return recordTokens(exchange, ending)
      }
      begin()
      const last = renderChunk(shape.modelName, choice('', ending.reason))
      const counted = shape.includeUsage
        ? renderChunk(shape.modelName, [], renderUsage(ending))
        : ''
      await wire.frame(`${last}${counted}data: [DONE]\n\n`)
      wire.end()
      if (shape.includeUsage) recordTokens(exchange, ending)
    },
    crash: async () => {
      await wire.frame(renderChunk('', choice('', null)))
      wire.end()
    },
  }
}

/** Runs a native route's work; what it refuses is written in the dialect. */
function renderOpenAiToolCall(call: ToolCall, index: number): object {
  return {
    id: call.id,
    index,
    type: 'function',
    function: { name: call.name, arguments: renderGoJson(call.arguments) },
  }
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
        ...renderLogprobs(whole),
      },
    ],
    usage: renderUsage(ending),
  }
}

function renderLogprobs(part: Part): object {
  return part.logprobs.length > 0 ? { logprobs: { content: part.logprobs } } : {}
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

function renderData(value: object): string {
  return `data: ${renderGoJson(value)}\n\n`
}
