export type ToolCall = { function: { name: string; arguments: Record<string, unknown> } }

/** How an answer came, as far as it is known. */
export type AnswerFacts = {
  requestId: string | null
  server: string | null
  firstMs: number | null
  totalMs: number | null
  promptTokens: number | null
  tokens: number | null
  tokensPerSecond: number | null
  /** `length` when a limit cut it. */
  reason: string | null
}
export type AnswerTurn = {
  role: 'assistant'
  content: string
  thinking: string
  toolCalls: ToolCall[]
  state: 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed'
  problem: { message: string; requestId: string | null } | null
  facts: AnswerFacts
}
export type Turn =
  | { role: 'user'; content: string; images: string[] }
  | { role: 'tool'; toolName: string; content: string }
  | AnswerTurn

export const parameters = [
  { name: 'temperature', label: 'Temperature', hint: '0 to 2' },
  { name: 'top_p', label: 'Top p', hint: '0 to 1' },
  { name: 'top_k', label: 'Top k', hint: 'whole' },
  { name: 'num_ctx', label: 'Context', hint: 'tokens' },
  { name: 'num_predict', label: 'Answer at most', hint: 'tokens' },
  { name: 'seed', label: 'Seed', hint: 'whole' },
  { name: 'repeat_penalty', label: 'Repeat penalty', hint: '1 is none' },
] as const

export type ChatOptions = {
  system: string
  /** As typed; empty leaves it to the model. */
  parameters: Partial<Record<(typeof parameters)[number]['name'], string>>
  stop: string
  think: 'default' | 'on' | 'off'
  format: 'text' | 'json' | 'schema'
  schema: string
  tools: string
}
export const noOptions: ChatOptions = {
  system: '',
  parameters: {},
  stop: '',
  think: 'default',
  format: 'text',
  schema: '',
  tools: '',
}

export type ChatMessage = {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string
  images?: string[]
  tool_calls?: ToolCall[]
  tool_name?: string
}
export type ChatBody = {
  model: string
  messages: ChatMessage[]
  stream?: boolean
  options?: Record<string, number | string[]>
  think?: boolean
  format?: unknown
  tools?: unknown[]
}
export type RenderedBody = { ok: true; body: ChatBody } | { ok: false; message: string }

/** The body of /api/chat. An answer that failed, and the question it was to, are still there. */
export function renderChatBody(
  model: string,
  turns: readonly Turn[],
  options: ChatOptions,
): RenderedBody {
  const numbers: Record<string, number | string[]> = {}
  for (const { name, label } of parameters) {
    const typed = options.parameters[name]?.trim() ?? ''
    if (typed === '') continue
    const number = Number(typed)
    if (!Number.isFinite(number)) return { ok: false, message: `${label}: expected a number.` }
    numbers[name] = number
  }
  const stops = options.stop.split('\n').filter((line) => line !== '')
  if (stops.length > 0) numbers.stop = stops
  const format = parseFormat(options)
  if (!format.ok) return format
  const tools = parseTools(options.tools)
  if (!tools.ok) return tools
  const system = options.system.trim()
  return {
    ok: true,
    body: {
      model,
      messages: [
        ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
        ...turns.flatMap(toMessage),
      ],
      ...(Object.keys(numbers).length > 0 && { options: numbers }),
      ...(options.think !== 'default' && { think: options.think === 'on' }),
      ...(format.value !== undefined && { format: format.value }),
      ...(tools.value !== undefined && { tools: tools.value }),
    },
  }
}

function toMessage(turn: Turn): ChatMessage[] {
  switch (turn.role) {
    case 'user':
      return [
        {
          role: 'user',
          content: turn.content,
          ...(turn.images.length > 0 && { images: turn.images }),
        },
      ]
    case 'tool':
      return [{ role: 'tool', tool_name: turn.toolName, content: turn.content }]
    case 'assistant': {
      if (turn.content === '' && turn.toolCalls.length === 0) return []
      const calls = turn.toolCalls.length > 0 && { tool_calls: turn.toolCalls }
      return [{ role: 'assistant', content: turn.content, ...calls }]
    }
  }
}

type Parsed<T> = { ok: true; value: T | undefined } | { ok: false; message: string }

function parseFormat({ format, schema }: ChatOptions): Parsed<unknown> {
  if (format === 'text') return { ok: true, value: undefined }
  if (format === 'json') return { ok: true, value: 'json' }
  const parsed = parseJson(schema)
  return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
    ? { ok: true, value: parsed }
    : { ok: false, message: 'JSON schema: expected an object in JSON.' }
}

function parseTools(text: string): Parsed<unknown[]> {
  if (text.trim() === '') return { ok: true, value: undefined }
  const parsed = parseJson(text)
  return Array.isArray(parsed)
    ? { ok: true, value: parsed }
    : { ok: false, message: 'Tools: expected a list in JSON.' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
