import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { normalizeModelName } from '@/lib/core/model-name'
import type { ByteSource } from '@/lib/http/byte-source'
import type { Selection } from '@/lib/routing/contract'
import { ownHeaders } from './answer-headers'
import type { Exchange, GatewayAnswer } from './contract'
import { settle } from './settle'

/**
 * F2: answers of /api/show by digest, the words of the request (name, `verbose`, overrides) and
 * whether Copilot asks: Ollama writes the asked name into Copilot's answer. A digest names the
 * content, so an entry never goes stale.
 */
export type ShowCache = LRUCache<string, CachedShow>
type CachedShow = { contentType: string; body: Uint8Array }

const requestBytesMax = 4096
const entryBytesMax = 8 * 1024 * 1024

export function createShowCache(): ShowCache {
  return new LRUCache<string, CachedShow>({
    maxSize: 64 * 1024 * 1024,
    sizeCalculation: (entry) => entry.body.byteLength + 64,
  })
}

/** The answer that is known already, or null. */
export function answerFromShowCache(
  exchange: Exchange,
  selection: Selection,
): GatewayAnswer | null {
  const key = showKey(exchange, selection)
  const known = key === null ? undefined : exchange.gateway.showCache.get(key)
  if (!known) return null
  exchange.bytesOut = known.body.byteLength
  exchange.answeredMs = exchange.clock.monotonicMs()
  settle(exchange, { kind: 'completed', status: 200, observation: null })
  return {
    status: 200,
    headers: [
      'Content-Type',
      known.contentType,
      'Content-Length',
      String(known.body.byteLength),
      ...ownHeaders(exchange),
    ],
    body: known.body,
  }
}

/** The same body, kept for the next who asks once it has come whole. */
export function keepShow(
  exchange: Exchange,
  answered: { status: number; contentType: string; body: ByteSource },
): ByteSource {
  const { route, gateway } = exchange
  const key = route ? showKey(exchange, route.selection, route.chosenIndex) : null
  if (key === null || answered.status !== 200) return answered.body
  return copyOf(answered.body, (body) => {
    gateway.showCache.set(key, { contentType: answered.contentType, body })
  })
}

function showKey(exchange: Exchange, selection: Selection, index = 0): string | null {
  const { body, operation, request } = exchange
  const candidate = selection.candidates[index]
  if (operation?.name !== 'show' || !candidate || candidate.model === null) return null
  if (!body || body.byteLength > requestBytesMax) return null
  const served = candidate.backend.catalogue?.get(normalizeModelName(candidate.model))
  if (!served?.digest) return null
  const copilot = request.header('user-agent')?.startsWith('GitHubCopilotChat/') ?? false
  return `${served.digest} ${copilot} ${createHash('sha256').update(body).digest('base64')}`
}

function copyOf(source: ByteSource, whole: (body: Uint8Array) => void): ByteSource {
  let chunks: Uint8Array[] = []
  let size = 0
  return {
    start: (sink) =>
      source.start({
        chunk(bytes) {
          size += bytes.byteLength
          if (size <= entryBytesMax) chunks.push(bytes)
          else chunks = []
          return sink.chunk(bytes)
        },
        end() {
          if (size <= entryBytesMax) whole(Buffer.concat(chunks))
          sink.end()
        },
        fail: (error) => sink.fail(error),
      }),
    resume: () => source.resume(),
    cancel: (reason) => source.cancel(reason),
  }
}
