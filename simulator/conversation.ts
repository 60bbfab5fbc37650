import type { Json, JsonObject } from './go-json'
import { isObject, readFields } from './request-fields'

/** One message of a chat, in no dialect. */
export type Message = { role: string; content: string; hasImages: boolean }

/** Reads Ollama's `messages`. */
export function parseMessages(list: Json[]): Message[] {
  return list.filter(isObject).map((message) => {
    const fields = readFields(message)
    const calls = fields.list('tool_calls')
    return {
      role: fields.text('role').toLowerCase(),
      content: fields.text('content') + (calls ? JSON.stringify(calls) : ''),
      hasImages: (fields.list('images') ?? []).length > 0,
    }
  })
}

/** The prompt that the model's template makes of a chat. */
export function renderPrompt(messages: Message[], tools: JsonObject[]): string {
  const turns = messages.map((message) => {
    const speaker = message.role === 'assistant' ? 'model' : 'user'
    return `<start_of_turn>${speaker}\n${message.content}<end_of_turn>\n`
  })
  const offered = tools.length > 0 ? `<tools>${JSON.stringify(tools)}</tools>\n` : ''
  return `${offered}${turns.join('')}<start_of_turn>model\n`
}

export function lastTextOf(messages: Message[], role: string): string {
  return messages.filter((message) => message.role === role).at(-1)?.content ?? ''
}
