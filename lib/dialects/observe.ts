import { createJsonObserver } from './observe-json'
import { createNdjsonObserver } from './observe-ndjson'
import { createSseObserver } from './observe-sse'
import type { Operation } from './operations'
import { readAnthropicEvents, readOpenaiEvents, readResponsesEvents } from './read-events'

/** What an answer said about itself. Times are milliseconds, null is "not said". */
export type Observation = {
  promptTokens: number | null
  completionTokens: number | null
  /** A count is an estimate of ours: text chunks seen, or a quarter of the characters sent. */
  estimated: boolean
  finishReason: string | null
  loadMs: number | null
  prefillMs: number | null
  decodeMs: number | null
  /**
   * `complete`: the dialect's own end was seen. `upstream-error`: the backend said that it failed.
   * `broken`: the answer stopped without an end, however cleanly the socket closed.
   */
  ending: 'complete' | 'upstream-error' | 'broken'
  upstreamErrorText: string | null
}

/** Reads along with an answer, at the cost of a few byte comparisons a chunk. */
export type Observer = {
  /**
   * Bytes to pass on: the same chunk untouched, or what is left after an injected usage event or
   * Ollama's empty chunk of a crash was taken out; may be empty.
   */
  push(chunk: Uint8Array): Uint8Array
  /** The client can see the end in what was given to `push` so far. */
  readonly terminal: boolean
  readonly tokenSeen: boolean
  /** What was passed on ends inside a line or event: an error event must close it first. */
  readonly midEvent: boolean
  /** Bytes held back, if any, and the result; `endedCleanly` is false when the socket broke. */
  end(endedCleanly: boolean): { rest: Uint8Array; observation: Observation }
}

export type ObserverInput = {
  operation: Operation
  /** The answer's content type is NDJSON or an event stream. */
  streamed: boolean
  status: number
  inputChars: number
  /** Usage was asked for by the gateway: its event is taken out again. */
  takeUsageOut: boolean
}

/** An observer for one answer, in the dialect of its operation. */
export function createObserver(input: ObserverInput): Observer {
  if (!input.streamed || input.status >= 400) return createJsonObserver(input)
  switch (input.operation.name) {
    case 'chat':
    case 'generate':
    case 'pull':
    case 'push':
    case 'create':
      return createNdjsonObserver(input)
    case 'openai_chat':
    case 'openai_completions':
      return createSseObserver(input, readOpenaiEvents(input))
    case 'openai_responses':
      return createSseObserver(input, readResponsesEvents())
    case 'anthropic_messages':
      return createSseObserver(input, readAnthropicEvents())
    default:
      return createJsonObserver(input)
  }
}
