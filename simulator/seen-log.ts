import type { IncomingMessage } from 'node:http'
import type { SeenRequest } from './world'

const REQUESTS_MAX = 5_000
const BODY_BYTES_MAX = 64 * 1024 * 1024

export type SeenLog = {
  requests: SeenRequest[]
  add(request: IncomingMessage): SeenRequest
  /** Something about a seen request is new: who waits for it looks again. */
  changed(): void
  count(): number
  inFlight(): number
  waitFor(predicate: (request: SeenRequest) => boolean, timeoutMs?: number): Promise<SeenRequest>
}

/** The bounded memory of what the simulator was asked. */
export function createSeenLog(): SeenLog {
  const requests: SeenRequest[] = []
  const lookers = new Set<() => void>()
  const open = new Set<SeenRequest>()
  let count = 0

  const changed = () => {
    for (const request of open) {
      if (request.endedAt !== undefined || request.abortedAt !== undefined) open.delete(request)
    }
    for (const look of lookers) look()
  }
  const trim = () => {
    let bytes = requests.reduce((sum, request) => sum + request.body.length, 0)
    while (requests.length > REQUESTS_MAX || bytes > BODY_BYTES_MAX) {
      bytes -= requests.shift()?.body.length ?? 0
    }
  }

  return {
    requests,
    changed,
    count: () => count,
    inFlight: () => open.size,
    add: (request) => {
      count += 1
      const seen: SeenRequest = {
        id: count,
        method: request.method ?? '',
        path: request.url ?? '',
        rawHeaders: request.rawHeaders,
        body: Buffer.alloc(0),
        bodyBytes: 0,
        startedAt: performance.now(),
        frames: 0,
        tokens: 0,
      }
      requests.push(seen)
      open.add(seen)
      if (requests.length > REQUESTS_MAX || count % 500 === 0) trim()
      setImmediate(changed)
      return seen
    },
    waitFor: (predicate, timeoutMs = 5_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = requests.find(predicate)
          if (!found) return
          stop()
          resolve(found)
        }
        const stop = () => {
          clearTimeout(timer)
          clearInterval(poll)
          lookers.delete(look)
        }
        const timer = setTimeout(() => {
          stop()
          reject(new Error(`no such request within ${timeoutMs} ms; seen: ${renderSeen(requests)}`))
        }, timeoutMs)
        // Bodies and frames grow without an event of their own.
        const poll = setInterval(look, 5)
        lookers.add(look)
        look()
      }),
  }
}

function renderSeen(requests: SeenRequest[]): string {
  return requests
    .slice(-10)
    .map((request) => `${request.method} ${request.path}`)
    .join(', ')
}
