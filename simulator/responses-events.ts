import { renderGoJson } from './go-json'
import type { Part } from './inference'
import { randomBelow } from './openai-answers'

type Event = { event: string; data: object }

export type ResponsesEvents = {
  part(part: Part): Event[]
  completed(usage: object): Event[]
}

/** The events of `/v1/responses` in their order, numbered from 0. */
export function createResponsesEvents(
  ids: { response: string; item: string },
  renderResponse: (status: string, output: object[], usage: object | null) => object,
): ResponsesEvents {
  const reasoningId = `rs_${randomBelow(999_999)}`
  const output: object[] = []
  let sequence = 0
  let outputIndex = 0
  let thinking = ''
  let text = ''
  let state: 'new' | 'begun' | 'thinking' | 'text' = 'new'

  const event = (name: string, data: object): Event => ({
    event: name,
    data: { ...data, type: name, sequence_number: sequence++ },
  })
  const begin = (): Event[] => {
    if (state !== 'new') return []
    state = 'begun'
    return ['response.created', 'response.in_progress'].map((name) =>
      event(name, { response: renderResponse('in_progress', [], null) }),
    )
  }
  const place = () => ({ item_id: ids.item, output_index: outputIndex, content_index: 0 })
  const outputText = () => ({ type: 'output_text', text, annotations: [], logprobs: [] })
  const message = (status: string, content: object[]) => ({
    id: ids.item,
    type: 'message',
    status,
    role: 'assistant',
    content,
  })

  const think = (delta: string): Event[] => {
    const item = { id: reasoningId, type: 'reasoning', summary: [] }
    const added =
      state === 'thinking'
        ? []
        : [event('response.output_item.added', { output_index: outputIndex, item })]
    state = 'thinking'
    thinking += delta
    const at = { item_id: reasoningId, output_index: outputIndex, summary_index: 0 }
    return [...added, event('response.reasoning_summary_text.delta', { ...at, delta })]
  }
  const endThinking = (): Event[] => {
    if (state !== 'thinking') return []
    state = 'begun'
    const item = {
      id: reasoningId,
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: thinking }],
      encrypted_content: thinking,
    }
    output.push(item)
    const at = { item_id: reasoningId, output_index: outputIndex, summary_index: 0 }
    const events = [
      event('response.reasoning_summary_text.done', { ...at, text: thinking }),
      event('response.output_item.done', { output_index: outputIndex, item }),
    ]
    outputIndex += 1
    return events
  }
  const say = (delta: string): Event[] => {
    const before = endThinking()
    const added =
      state === 'text'
        ? []
        : [
            event('response.output_item.added', {
              output_index: outputIndex,
              item: message('in_progress', []),
            }),
            event('response.content_part.added', { ...place(), part: outputText() }),
          ]
    state = 'text'
    text += delta
    return [
      ...before,
      ...added,
      event('response.output_text.delta', { ...place(), delta, logprobs: [] }),
    ]
  }
  const endText = (): Event[] => {
    if (state !== 'text') return []
    const item = message('completed', [outputText()])
    output.push(item)
    return [
      event('response.output_text.done', { ...place(), text, logprobs: [] }),
      event('response.content_part.done', { ...place(), part: outputText() }),
      event('response.output_item.done', { output_index: outputIndex, item }),
    ]
  }
  const call = (part: Part): Event[] =>
    part.toolCalls.flatMap((made, index) => {
      const id = `fc_${randomBelow(999_999)}_${index}`
      const base = { id, type: 'function_call', call_id: made.id, name: made.name }
      const args = renderGoJson(made.arguments)
      const done = { ...base, status: 'completed', arguments: args }
      const at = { output_index: outputIndex + index }
      output.push(done)
      return [
        event('response.output_item.added', {
          ...at,
          item: { ...base, status: 'in_progress', arguments: '' },
        }),
        event('response.function_call_arguments.delta', { ...at, item_id: id, delta: args }),
        event('response.function_call_arguments.done', { ...at, item_id: id, arguments: args }),
        event('response.output_item.done', { ...at, item: done }),
      ]
    })

  return {
    part: (part) => [
      ...begin(),
      ...(part.thinking ? think(part.thinking) : []),
      ...(part.toolCalls.length > 0 ? [...endThinking(), ...call(part)] : []),
      ...(part.text ? say(part.text) : []),
    ],
    completed: (usage) => {
      const before = [...begin(), ...endThinking(), ...endText()]
      const completedAt = { completed_at: Math.floor(Date.now() / 1_000) }
      const response = { ...renderResponse('completed', output, usage), ...completedAt }
      return [...before, event('response.completed', { response })]
    },
  }
}
