import type { Target } from './load-contract'

/** The bytes of one chat request, the same for every contestant. */
export function renderRequest(
  target: Target,
  asked: { stream: boolean; flushes?: number; flushMs?: number },
): Buffer {
  const body = JSON.stringify({
    model: 'gemma3:270m',
    messages: [{ role: 'user', content: 'Where does the herd graze today?' }],
    stream: asked.stream,
    options: { num_predict: asked.flushes ?? 5, flush_ms: asked.flushMs ?? 100 },
  })
  const headers = Object.entries(target.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(
    `POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Accept: */*\r\nUser-Agent: corral-bench\r\n${headers.join('')}\r\n${body}`,
  )
}
