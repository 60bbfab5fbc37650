import { type Plan, planAnswer, type ToolCall } from './generation'
import type { Json, JsonObject } from './go-json'
import type { Lease } from './machine'
import type { StoredModel } from './model-store'
import { RunnerCrash } from './runner'
import { strikeBeforeHeaders } from './strike'
import { countTokens } from './text-tokens'
import { Refusal } from './versions'
import { wait } from './wait'
import type { Exchange } from './world'

/** A question to a model in no dialect. */
export type Ask = {
  /** As the client wrote it. */
  modelName: string
  model: StoredModel
  stream: boolean
  prompt: string
  lastUserText: string
  hasImages: boolean
  tools: JsonObject[]
  /** The last message is a tool's result. */
  hasToolResult: boolean
  format: Json | undefined
  thinks: boolean
  options: JsonObject
  keepAliveMs: number | undefined
  logprobs: number | null
}

export type Logprob = { token: string; logprob: number; bytes: number[]; top_logprobs?: Logprob[] }
export type Part = { text: string; thinking: string; toolCalls: ToolCall[]; logprobs: Logprob[] }

export type Ending = {
  reason: 'stop' | 'length'
  promptTokens: number
  completionTokens: number
  totalNs: number
  loadNs: number
  promptNs: number
  evalNs: number
}

/** How one dialect writes what the model does. */
export type Dialect = {
  /** Before the first object: a real status. */
  refuse(status: number, message: string): Promise<void>
  /** One flush of a stream. */
  chunk(part: Part): Promise<void>
  /** The end: of a stream its terminal objects, else the whole answer. */
  finish(part: Part, ending: Ending): Promise<void>
  /** The model's process died after the first object. */
  crash(message: string): Promise<void>
}

/** Runs a model for one request: schedule, load, wait for a slot, prefill, decode, end. */
export async function runInference(exchange: Exchange, ask: Ask, dialect: Dialect): Promise<void> {
  try {
    await generate(exchange, ask, dialect)
  } catch (error) {
    if (error instanceof Refusal) return dialect.refuse(error.status, error.message)
    if (!(error instanceof RunnerCrash)) throw error
    if (exchange.wire.isStarted) return dialect.crash(error.message)
    return dialect.refuse(500, error.message)
  }
}

/** What most routes leave unasked. */
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

/** Adds what an answer has told its client to the machine's own count. */
export function recordTokens(exchange: Exchange, ending: Ending): void {
  exchange.world.tokens.prompt += ending.promptTokens
  exchange.world.tokens.completion += ending.completionTokens
}

/** Loads a model and leaves it there: what an empty prompt asks for. Throws `Refusal`. */
export async function loadModel(exchange: Exchange, ask: Ask): Promise<void> {
  const lease = await exchange.world.machine.take(claimOf(exchange, ask))
  lease.release('')
}

async function generate(exchange: Exchange, ask: Ask, dialect: Dialect): Promise<void> {
  const { world } = exchange
  const startedAt = performance.now()
  await strikeBeforeWork(exchange, ask)
  const lease = await world.machine.take(claimOf(exchange, ask))
  const stop = linkSignals(exchange.signal, lease.crashed)
  let said = ''
  try {
    if (ask.hasImages && !ask.model.capabilities.includes('vision')) {
      throw new Refusal(world.traits.imageRefusal.status, world.traits.imageRefusal.message)
    }
    const promptTokens = countTokens(ask.prompt)
    const promptNs = await prefill({ exchange, ask, lease, promptTokens, signal: stop.signal })
    const plan = planAnswer(questionOf(exchange, ask))
    const decoded = await decode({ exchange, ask, plan, dialect, signal: stop.signal })
    said = decoded.whole.text
    const evalNs = decoded.ns
    const loadNs = toNs(lease.loadMs)
    const totalNs = Math.max(toNs(performance.now() - startedAt), loadNs + promptNs + evalNs)
    const completionTokens = decoded.tokens
    const ending = {
      reason: plan.reason,
      promptTokens,
      completionTokens,
      totalNs,
      loadNs,
      promptNs,
      evalNs,
    }
    await dialect.finish(decoded.whole, ending)
  } finally {
    stop.unlink()
    lease.release(ask.prompt + said)
  }
}

async function prefill(input: {
  exchange: Exchange
  ask: Ask
  lease: Lease
  promptTokens: number
  signal: AbortSignal
}): Promise<number> {
  const { exchange, ask, lease } = input
  const startedAt = performance.now()
  const cached = countTokens(ask.prompt.slice(0, lease.cachedChars))
  const perSecond =
    ask.model.prefillTokensPerSecond ?? exchange.world.options.prefillTokensPerSecond
  await wait(((input.promptTokens - cached) / perSecond) * 1_000, input.signal)
  return toNs(performance.now() - startedAt)
}

type Decoded = { whole: Part; tokens: number; ns: number }

async function decode(input: {
  exchange: Exchange
  ask: Ask
  plan: Plan
  dialect: Dialect
  signal: AbortSignal
}): Promise<Decoded> {
  const { exchange, ask, plan, dialect, signal } = input
  const perSecond = ask.model.tokensPerSecond ?? exchange.world.options.tokensPerSecond
  const startedAt = performance.now()
  const whole: Part = emptyPart()
  let tokens = 0
  for (const step of listSteps(plan, ask.logprobs)) {
    tokens += step.tokens
    const dueAt = startedAt + (tokens / perSecond) * 1_000
    const early = dueAt - performance.now()
    if (early >= 1) await wait(early, signal)
    signal.throwIfAborted()
    exchange.seen.tokens += step.tokens
    addPart(whole, step.part)
    if (ask.stream) await dialect.chunk(step.part)
    strikeAfterToken(exchange, ask, tokens)
    signal.throwIfAborted()
  }
  if (ask.stream) whole.toolCalls = []
  return { whole, tokens, ns: toNs(performance.now() - startedAt) }
}

function listSteps(plan: Plan, logprobs: number | null): { part: Part; tokens: number }[] {
  const steps = [
    ...plan.thinking.map((thinking) => ({ part: { ...emptyPart(), thinking }, tokens: 1 })),
    ...plan.text.map((text) => ({
      part: { ...emptyPart(), text, logprobs: listLogprobs(text, logprobs) },
      tokens: 1,
    })),
  ]
  if (plan.toolCalls.length === 0) return steps
  return [
    ...steps,
    { part: { ...emptyPart(), toolCalls: plan.toolCalls }, tokens: plan.toolTokens },
  ]
}

function listLogprobs(token: string, top: number | null): Logprob[] {
  if (top === null) return []
  const first = { token, logprob: -0.25, bytes: [...Buffer.from(token)] }
  const second = { token: ' or', logprob: -2.5, bytes: [...Buffer.from(' or')] }
  return [top === 0 ? first : { ...first, top_logprobs: [first, second].slice(0, top) }]
}

function emptyPart(): Part {
  return { text: '', thinking: '', toolCalls: [], logprobs: [] }
}

function addPart(whole: Part, part: Part): void {
  whole.text += part.text
  whole.thinking += part.thinking
  whole.toolCalls.push(...part.toolCalls)
  whole.logprobs.push(...part.logprobs)
}

async function strikeBeforeWork(exchange: Exchange, ask: Ask): Promise<void> {
  const fault = exchange.faultFor(ask.modelName)
  if (!fault) return
  exchange.wire.fault = fault
  if (fault.kind === 'ghost') throw new Refusal(404, `model '${ask.modelName}' not found`)
  await strikeBeforeHeaders(exchange, fault, true)
}

function strikeAfterToken(exchange: Exchange, ask: Ask, tokens: number): void {
  const fault = exchange.wire.fault
  if (fault?.kind === 'crash' && tokens >= (fault.afterTokens ?? 1)) {
    exchange.world.machine.crash(ask.model)
  }
}

function claimOf(exchange: Exchange, ask: Ask) {
  const numCtx = ask.options.num_ctx
  return {
    model: ask.model,
    numCtx: typeof numCtx === 'number' && numCtx > 0 ? numCtx : undefined,
    keepAliveMs: ask.keepAliveMs,
    prompt: ask.prompt,
    signal: exchange.signal,
  }
}

function questionOf(exchange: Exchange, ask: Ask) {
  const { num_predict: numPredict, stop } = ask.options
  return {
    seed: `${ask.model.key} ${ask.prompt}`,
    lastUserText: ask.lastUserText,
    numPredict: typeof numPredict === 'number' ? numPredict : undefined,
    answerTokens: exchange.world.options.answerTokens,
    stop: Array.isArray(stop)
      ? stop.filter((text): text is string => typeof text === 'string')
      : [],
    format: ask.format,
    tools: ask.tools,
    callsTool: !ask.hasToolResult || ask.model.toolUse === 'always',
    thinks: ask.thinks,
  }
}

// AbortSignal.any keeps its sources alive; the runner's signal outlives many requests.
function linkSignals(...sources: AbortSignal[]): { signal: AbortSignal; unlink(): void } {
  const controller = new AbortController()
  const unlinkers = sources.map((source) => {
    const onAbort = () => controller.abort(source.reason)
    if (source.aborted) onAbort()
    source.addEventListener('abort', onAbort)
    return () => source.removeEventListener('abort', onAbort)
  })
  return {
    signal: controller.signal,
    unlink: () => {
      for (const unlink of unlinkers) unlink()
    },
  }
}

function toNs(ms: number): number {
  return Math.max(1, Math.round(ms * 1_000_000))
}
