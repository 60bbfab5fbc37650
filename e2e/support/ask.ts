import type { House } from './house'

type Question = {
  key?: string
  model?: string
  content?: string
  /** As many as are answered; without it as many as the machine likes. */
  tokens?: number
  headers?: Record<string, string>
}

/** A chat, as a program asks the gateway for it; its answer may have only begun. */
export function ask(
  house: Pick<House, 'url' | 'key'>,
  { key = house.key, model = 'llama3.2:3b', content = 'Count.', tokens, headers }: Question = {},
): Promise<Response> {
  return fetch(`${house.url}/api/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content }],
      options: { num_predict: tokens },
    }),
  })
}

/** The same to its end; the id under which the log has it. */
export async function askToTheEnd(
  house: Pick<House, 'url' | 'key'>,
  question: Question = {},
): Promise<string> {
  const answer = await ask(house, question)
  await answer.arrayBuffer()
  return answer.headers.get('x-request-id') ?? ''
}
