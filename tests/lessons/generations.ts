import type { TestGateway } from '../support/start-test-gateway'

/** Every path that generates, with the least body that it takes. */
const bodies = {
  '/api/chat': { messages: [{ role: 'user', content: 'Count to ten.' }] },
  '/api/generate': { prompt: 'Count to ten.' },
  '/v1/chat/completions': { messages: [{ role: 'user', content: 'Count to ten.' }] },
  '/v1/completions': { prompt: 'Count to ten.' },
  '/v1/responses': { input: 'Count to ten.' },
  '/v1/messages': { max_tokens: 100, messages: [{ role: 'user', content: 'Count to ten.' }] },
} as const

export type GenerationPath = keyof typeof bodies
export const generationPaths = Object.keys(bodies) as GenerationPath[]

export type Asked = {
  path?: GenerationPath
  key?: string
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Laid over the body: `model`, `stream` and whatever else. */
  body?: object
}

/** A generation by `fetch`: streamed, and of `gemma3:270m`, unless the body says otherwise. */
export function ask(
  corral: Pick<TestGateway, 'url' | 'key'>,
  { path = '/api/chat', key = corral.key, headers = {}, signal, body = {} }: Asked = {},
): Promise<Response> {
  return fetch(`${corral.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': key, ...headers },
    body: JSON.stringify({ model: 'gemma3:270m', stream: true, ...bodies[path], ...body }),
    ...(signal && { signal }),
  })
}

/** The objects of an NDJSON answer, or of the `data:` lines of an SSE one; half lines are left out. */
export function readObjects(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^data: /, ''))
    .map(parseObject)
    .filter((object) => object !== null)
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : null
  } catch {
    return null
  }
}
