import type { Exchange } from './contract'

/** What is caught of one exchange while it runs (H2). */
export type Capture = {
  readonly bytesMax: number
  readonly prompt: Uint8Array
  readonly promptCut: boolean
  readonly response: Uint8Array[]
  responseBytes: number
  responseCut: boolean
}

/** Room beyond what is kept, so that redaction sees whole what stands at the cut. */
const marginChars = 1000
const bytesOfCharMax = 3

/** Where capture is on, what was asked is kept beside the exchange; the body itself is let go. */
export function beginCapture(exchange: Exchange): void {
  const { body, operation, snapshot } = exchange
  if (!isCaptured(exchange) || body === null || operation?.body !== 'json') return
  if (operation.group !== 'inference' && operation.group !== 'embeddings') return
  const bytesMax = (snapshot.settings.captureCharsMax + marginChars) * bytesOfCharMax
  exchange.capture = {
    bytesMax,
    prompt: Uint8Array.prototype.slice.call(body, 0, bytesMax),
    promptCut: body.byteLength > bytesMax,
    response: [],
    responseBytes: 0,
    responseCut: false,
  }
}

/** What a key says wins over its frontend, that over the setting. */
function isCaptured({ principal, snapshot }: Exchange): boolean {
  const ofKey = principal?.kind === 'key' ? principal.capture : null
  return ofKey ?? snapshot.frontend.capture ?? snapshot.settings.captureContent
}

/** A copy: the chunk is a slice of a socket's buffer, which would be kept whole. */
export function captureAnswer(capture: Capture, bytes: Uint8Array): void {
  const room = capture.bytesMax - capture.responseBytes
  if (bytes.byteLength > room) capture.responseCut = true
  if (room <= 0 || bytes.byteLength === 0) return
  const kept = Uint8Array.prototype.slice.call(bytes, 0, room)
  capture.response.push(kept)
  capture.responseBytes += kept.byteLength
}

export function endCapture({ gateway, id, startedAtMs }: Exchange, capture: Capture): void {
  const { response } = capture
  gateway.captured.add({
    recordId: id,
    atMs: startedAtMs,
    prompt: capture.prompt,
    response: response.length === 0 ? null : Buffer.concat(response),
    promptCut: capture.promptCut,
    responseCut: capture.responseCut,
  })
}
