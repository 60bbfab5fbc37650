import type { ChatBody, ChatMessage } from './chat-body'

export type CallBody =
  | { path: '/api/chat'; body: ChatBody }
  | { path: '/api/embed'; body: { model: string; input: string[] } }
export type CodeSample = { id: string; label: string; code: string; note: string }

const key = 'YOUR_KEY'
const keyNote = `Put a key of yours in the place of ${key}.`

/** The same call from a program. Images are named, not copied. */
export function renderCodeSamples(url: string, call: CallBody): CodeSample[] {
  const named = nameImages(call)
  return [
    { id: 'curl', label: 'curl', code: renderCurl(url, named), note: keyNote },
    { id: 'ollama-js', label: 'ollama-js', code: renderOllamaJs(url, named), note: keyNote },
    {
      id: 'ollama-python',
      label: 'ollama-python',
      code: renderOllamaPython(url, named),
      note: keyNote,
    },
    {
      id: 'openai-python',
      label: 'OpenAI Python',
      code: renderOpenAi(url, named),
      note: `${keyNote} OpenAI’s interface has no context length, top k, repeat penalty and thinking: they are left out.`,
    },
  ]
}

function nameImages(call: CallBody): CallBody {
  if (call.path === '/api/embed') return call
  const messages = call.body.messages.map((message) =>
    message.images === undefined
      ? message
      : { ...message, images: message.images.map((_, index) => `BASE64_OF_IMAGE_${index + 1}`) },
  )
  return { ...call, body: { ...call.body, messages } }
}

function renderCurl(url: string, { path, body }: CallBody): string {
  const json = JSON.stringify(body, null, 2).replaceAll("'", `'\\''`)
  return [
    `curl '${url}${path}' \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -d '${json}'`,
  ].join('\n')
}

function renderOllamaJs(url: string, { path, body }: CallBody): string {
  const isChat = path === '/api/chat'
  const asked = JSON.stringify(isChat ? { ...body, stream: true } : body, null, 2)
  return [
    `import { Ollama } from 'ollama'`,
    '',
    'const ollama = new Ollama({',
    `  host: ${JSON.stringify(url)},`,
    `  headers: { Authorization: 'Bearer ${key}' },`,
    '})',
    `const answer = await ollama.${isChat ? 'chat' : 'embed'}(${asked})`,
    isChat
      ? 'for await (const part of answer) process.stdout.write(part.message.content)'
      : 'console.log(answer.embeddings)',
  ].join('\n')
}

function renderOllamaPython(url: string, { path, body }: CallBody): string {
  const isChat = path === '/api/chat'
  return [
    'from ollama import Client',
    '',
    `client = Client(host=${JSON.stringify(url)}, headers={'Authorization': 'Bearer ${key}'})`,
    `answer = client.${isChat ? 'chat' : 'embed'}(`,
    ...renderArguments(isChat ? { ...body, stream: true } : body),
    ')',
    ...(isChat
      ? ['for part in answer:', '    print(part.message.content, end="", flush=True)']
      : ['print(answer.embeddings)']),
  ].join('\n')
}

function renderOpenAi(url: string, call: CallBody): string {
  const isChat = call.path === '/api/chat'
  return [
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url=${JSON.stringify(`${url}/v1`)}, api_key='${key}')`,
    `answer = client.${isChat ? 'chat.completions' : 'embeddings'}.create(`,
    ...renderArguments(isChat ? toOpenAi(call.body) : call.body),
    ')',
    ...(isChat
      ? [
          'for part in answer:',
          '    if part.choices: print(part.choices[0].delta.content or "", end="", flush=True)',
        ]
      : ['print([one.embedding for one in answer.data])']),
  ].join('\n')
}

function toOpenAi({ model, messages, options, format, tools }: ChatBody): object {
  return {
    model,
    messages: messages.map(toOpenAiMessage),
    temperature: options?.temperature,
    top_p: options?.top_p,
    max_tokens: options?.num_predict,
    seed: options?.seed,
    stop: options?.stop,
    response_format:
      format === undefined
        ? undefined
        : format === 'json'
          ? { type: 'json_object' }
          : { type: 'json_schema', json_schema: { name: 'answer', schema: format } },
    tools,
    stream: true,
  }
}

function toOpenAiMessage(message: ChatMessage, index: number, all: readonly ChatMessage[]): object {
  const { role, content, images, tool_calls } = message
  if (role === 'tool') return { role, content, tool_call_id: callIdOf(index, all) }
  if (tool_calls) {
    return {
      role,
      content,
      tool_calls: tool_calls.map((call, i) => ({
        id: `call_${index}_${i}`,
        type: 'function',
        function: { name: call.function.name, arguments: JSON.stringify(call.function.arguments) },
      })),
    }
  }
  if (!images) return { role, content }
  const parts = images.map((image) => ({
    type: 'image_url',
    image_url: { url: `data:image/png;base64,${image}` },
  }))
  return { role, content: [{ type: 'text', text: content }, ...parts] }
}

/** Results stand in the order of the calls, right after them. */
function callIdOf(index: number, all: readonly ChatMessage[]): string {
  let caller = index
  while (caller > 0 && all[caller]?.role === 'tool') caller -= 1
  return `call_${caller}_${index - caller - 1}`
}

function renderArguments(values: object): string[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `    ${name}=${toPython(value, '    ')},`)
}

/** JSON as Python writes it: True, False, None. */
function toPython(value: unknown, indent: string): string {
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value === null) return 'None'
  const inner = `${indent}    `
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((one) => `${inner}${toPython(one, inner)},`).join('\n')}\n${indent}]`
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined)
    if (entries.length === 0) return '{}'
    const lines = entries.map(
      ([name, one]) => `${inner}${JSON.stringify(name)}: ${toPython(one, inner)},`,
    )
    return `{\n${lines.join('\n')}\n${indent}}`
  }
  return JSON.stringify(value)
}
