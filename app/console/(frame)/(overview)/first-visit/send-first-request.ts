/** What the first request asks: short, and any model can say it. */
export const firstPrompt = 'Say hello in five words.'

/**
 * Calls the gateway as any client would, with the key and no cookie, and hands on the answer as it
 * grows. Throws an Error with the gateway's own words when it refuses.
 */
export async function sendFirstRequest(options: {
  gatewayUrl: string
  token: string
  model: string
  signal: AbortSignal
  onText: (text: string) => void
}): Promise<void> {
  const { gatewayUrl, token, model, signal, onText } = options
  const answer = await fetch(`${gatewayUrl}/api/chat`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    credentials: 'omit',
    body: JSON.stringify({ model, messages: [{ role: 'user', content: firstPrompt }] }),
    signal,
  })
  if (!answer.ok || answer.body === null) throw new Error(await readRefusal(answer))
  let [text, rest] = ['', '']
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value = '' } = await reader.read()
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) text += readLine(line)
    onText(text)
    if (done) return
  }
}

type Line = { message?: { content?: string }; error?: string }

function readLine(line: string): string {
  if (line.trim() === '') return ''
  const { message, error } = JSON.parse(line) as Line
  if (error !== undefined) throw new Error(error)
  return message?.content ?? ''
}

async function readRefusal(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => null)) as Line | null
  return body?.error ?? `The gateway answered ${answer.status}.`
}
