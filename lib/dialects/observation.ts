import type { Observation, ObserverInput } from './observe'
import type { OperationName } from './operations'

/** What is read of an answer on the way; `null` is "not said yet". */
export type Counts = {
  promptTokens: number | null
  completionTokens: number | null
  /** The prompt count is the backend's own guess (Anthropic's message_start). */
  promptIsGuess: boolean
  finishReason: string | null
  loadMs: number | null
  prefillMs: number | null
  decodeMs: number | null
  errorText: string | null
  textChunks: number
}

export function newCounts(): Counts {
  return {
    promptTokens: null,
    completionTokens: null,
    promptIsGuess: false,
    finishReason: null,
    loadMs: null,
    prefillMs: null,
    decodeMs: null,
    errorText: null,
    textChunks: 0,
  }
}

/**
 * The result: what the backend said, and estimates where a model ran and it did not say. An
 * answer that was refused with an error status ran no model.
 */
export function makeObservation(
  input: ObserverInput,
  counts: Counts,
  ending: Observation['ending'],
): Observation {
  const counted = countsTokens(input.operation.name) && input.status < 400
  const promptTokens =
    counts.promptTokens ?? (counted ? Math.ceil(input.inputChars / charsPerToken) : null)
  const completionTokens =
    counts.completionTokens ?? (counted ? guessCompletion(input, counts) : null)
  return {
    promptTokens,
    completionTokens,
    estimated:
      counted &&
      (counts.promptTokens === null ||
        counts.promptIsGuess ||
        (counts.completionTokens === null && !isEmbedding(input.operation.name))),
    finishReason: counts.finishReason,
    loadMs: counts.loadMs,
    prefillMs: counts.prefillMs,
    decodeMs: counts.decodeMs,
    ending,
    upstreamErrorText: counts.errorText?.slice(0, errorCharsMax) ?? null,
  }
}

const charsPerToken = 4
const errorCharsMax = 2000

function guessCompletion(input: ObserverInput, counts: Counts): number | null {
  if (isEmbedding(input.operation.name)) return 0
  return input.streamed ? counts.textChunks : null
}

function isEmbedding(name: OperationName): boolean {
  return name === 'embed' || name === 'embeddings' || name === 'openai_embeddings'
}

function countsTokens(name: OperationName): boolean {
  switch (name) {
    case 'chat':
    case 'generate':
    case 'openai_chat':
    case 'openai_completions':
    case 'openai_responses':
    case 'anthropic_messages':
      return true
    default:
      return isEmbedding(name)
  }
}

/** A whole JSON answer or final line, in any of the dialects, read into the counts. */
export function readAnswer(counts: Counts, answer: Record<string, unknown>): void {
  readOllamaFinal(counts, answer)
  readUsage(counts, answer.usage)
  readFinish(counts, answer)
  const error = readErrorText(answer.error)
  if (error !== null) counts.errorText = error
}

/** `usage` of OpenAI, of Anthropic and of Responses. Zeros are counts too. */
export function readUsage(counts: Counts, usage: unknown): void {
  if (!isRecord(usage)) return
  const prompt = usage.prompt_tokens ?? usage.input_tokens
  const completion = usage.completion_tokens ?? usage.output_tokens
  if (isCount(prompt)) {
    counts.promptTokens = prompt
    counts.promptIsGuess = false
  }
  if (isCount(completion)) counts.completionTokens = completion
}

/** Ollama sends a string, the other two an object with a message; null when there is none. */
export function readErrorText(error: unknown): string | null {
  if (typeof error === 'string') return error
  if (!isRecord(error)) return null
  return typeof error.message === 'string' ? error.message : JSON.stringify(error)
}

export function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

// Go leaves out what is zero: a final line without eval_count generated nothing, and one without
// prompt_eval_count was a load, or an older server's full cache hit, where the count is unknown.
function readOllamaFinal(counts: Counts, answer: Record<string, unknown>): void {
  if (isCount(answer.prompt_eval_count)) counts.promptTokens = answer.prompt_eval_count
  if (isCount(answer.eval_count)) counts.completionTokens = answer.eval_count
  counts.loadMs = milliseconds(answer.load_duration) ?? counts.loadMs
  counts.prefillMs = milliseconds(answer.prompt_eval_duration) ?? counts.prefillMs
  counts.decodeMs = milliseconds(answer.eval_duration) ?? counts.decodeMs
  if (answer.done === true && counts.textChunks === 0) counts.completionTokens ??= 0
  if (typeof answer.done_reason !== 'string') return
  counts.finishReason = answer.done_reason
  if (answer.done_reason === 'load' || answer.done_reason === 'unload') {
    counts.promptTokens ??= 0
    counts.completionTokens ??= 0
  }
}

function milliseconds(nanoseconds: unknown): number | null {
  return typeof nanoseconds === 'number' ? Math.round(nanoseconds / 1000) / 1000 : null
}

function readFinish(counts: Counts, answer: Record<string, unknown>): void {
  if (typeof answer.stop_reason === 'string') counts.finishReason = answer.stop_reason
  const choice = Array.isArray(answer.choices) ? answer.choices[0] : null
  if (isRecord(choice) && typeof choice.finish_reason === 'string') {
    counts.finishReason = choice.finish_reason
  }
  if (answer.object === 'response' && typeof answer.status === 'string') {
    const details = isRecord(answer.incomplete_details) ? answer.incomplete_details.reason : null
    counts.finishReason = typeof details === 'string' ? details : answer.status
  }
}
