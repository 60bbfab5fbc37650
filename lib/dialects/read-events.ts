import { endsWith, includes, type LineSpan, startsWith } from './line-reader'
import {
  type Counts,
  isRecord,
  parseRecord,
  readAnswer,
  readErrorText,
  readUsage,
} from './observation'
import type { ObserverInput } from './observe'
import type { EventReader } from './observe-sse'

/** Chat completions and completions: chunks, a finish chunk, perhaps usage, `[DONE]`. */
export function readOpenaiEvents(input: ObserverInput): EventReader {
  return {
    data(data, counts) {
      if (includes(data, unfinished)) {
        if (!endsWith(data, emptyDelta)) counts.textChunks++
        else if (includes(data, namelessModel) && isCrashChunk(data)) return 'drop'
        return 'pass'
      }
      if (startsWith(data, done)) return 'end'
      const chunk = parseData(data)
      if (!chunk) return 'pass'
      readAnswer(counts, chunk)
      if (counts.errorText !== null) return 'end'
      return input.takeUsageOut && isUsageChunk(chunk) ? 'drop' : 'pass'
    },
  }
}

/** Messages: `message_delta` has the counts, `message_stop` or `error` is the end. */
export function readAnthropicEvents(): EventReader {
  return {
    data(data, counts) {
      if (startsWith(data, contentDelta)) {
        counts.textChunks++
        return 'pass'
      }
      const event = parseData(data)
      switch (event?.type) {
        case 'message_start':
          readStart(counts, event.message)
          return 'pass'
        case 'message_delta':
          readUsage(counts, event.usage)
          if (isRecord(event.delta)) readAnswer(counts, { stop_reason: event.delta.stop_reason })
          return 'pass'
        case 'message_stop':
          return 'end'
        case 'error':
          counts.errorText = readErrorText(event.error) ?? 'error'
          return 'end'
        default:
          return 'pass'
      }
    },
  }
}

/** Responses: `response.completed`, `.failed`, `.incomplete` or `error` is the end. */
export function readResponsesEvents(): EventReader {
  // What the line `event: …` announced; null where the event has no such line.
  let announced: 'delta' | 'end' | 'other' | null = null
  return {
    event(line) {
      if (endsWith(line, deltaEvent)) announced = 'delta'
      else announced = endEvents.some((name) => endsWith(line, name)) ? 'end' : 'other'
    },
    data(data, counts) {
      const kind = announced
      announced = null
      if (kind === 'other') return 'pass'
      if (kind === 'delta') {
        counts.textChunks++
        return 'pass'
      }
      const event = parseData(data)
      return event ? readResponsesEvent(event, counts) : 'pass'
    },
  }
}

// In a string the quotes would be escaped: these bytes are a key of the chunk and its value.
const unfinished = Buffer.from('"finish_reason":null')
const emptyDelta = Buffer.from('"content":""},"finish_reason":null}]}')
const namelessModel = Buffer.from('"model":""')
const done = Buffer.from('[DONE]')
const contentDelta = Buffer.from('{"type":"content_block_delta"')
const deltaEvent = Buffer.from('.delta')
const endEvents = [' response.completed', ' response.failed', ' response.incomplete', ' error'].map(
  (name) => Buffer.from(name),
)

function parseData(data: LineSpan): Record<string, unknown> | null {
  return parseRecord(data.text.toString('utf8', data.start, data.end))
}

// What Ollama's /v1/chat/completions makes of an error in mid-stream: a chunk of nothing.
function isCrashChunk(data: LineSpan): boolean {
  const chunk = parseData(data)
  const choice = Array.isArray(chunk?.choices) ? chunk.choices[0] : null
  if (chunk?.model !== '' || !isRecord(choice) || !isRecord(choice.delta)) return false
  return Object.entries(choice.delta).every(
    ([key, value]) => key === 'role' || (key === 'content' && value === ''),
  )
}

function isUsageChunk(chunk: Record<string, unknown>): boolean {
  return Array.isArray(chunk.choices) && chunk.choices.length === 0 && isRecord(chunk.usage)
}

// Ollama's message_start holds an estimate from the request, and no output yet.
function readStart(counts: Counts, message: unknown): void {
  if (!isRecord(message) || !isRecord(message.usage)) return
  readUsage(counts, { input_tokens: message.usage.input_tokens })
  counts.promptIsGuess = true
}

function readResponsesEvent(
  event: Record<string, unknown>,
  counts: Counts,
): ReturnType<EventReader['data']> {
  switch (event.type) {
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
      if (isRecord(event.response)) readAnswer(counts, event.response)
      if (event.type === 'response.failed') counts.errorText ??= 'response failed'
      return 'end'
    case 'error':
      counts.errorText = readErrorText(event.error) ?? readErrorText(event.message) ?? 'error'
      return 'end'
    default:
      return 'pass'
  }
}
