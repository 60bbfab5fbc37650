/**
 * What can go wrong with a backend. A fault strikes the requests that its match selects:
 * - `refuse`: the socket is destroyed before a byte is answered
 * - `status`: this status at once, with a body of its own
 * - `busy`: 503, in the dialect's words, as when `OLLAMA_MAX_QUEUE` is reached
 * - `hang`: silence before the headers, for `ms` or for ever
 * - `die`: the socket is destroyed after so many frames
 * - `end`: a clean end after so many frames, without the dialect's terminal event
 * - `half-line`: half a frame, then a clean end or a destroyed socket
 * - `stall`: silence after so many frames, the socket stays open
 * - `crash`: the model's process dies after so many tokens
 * - `ghost`: the model is in the lists, and 404 when it is used
 * - `out-of-memory`: 500, the model does not fit
 * - `drip`: one byte at a time
 * - `content-type`: another one than the body has
 */
export type Fault =
  | { kind: 'refuse' }
  | { kind: 'status'; status: number; body?: string; contentType?: string; delayMs?: number }
  | { kind: 'busy' }
  | { kind: 'hang'; ms?: number }
  | { kind: 'die'; afterFrames?: number }
  | { kind: 'end'; afterFrames?: number }
  | { kind: 'half-line'; afterFrames?: number; then?: 'end' | 'destroy' }
  | { kind: 'stall'; afterFrames?: number; ms?: number }
  | { kind: 'crash'; afterTokens?: number }
  | { kind: 'ghost' }
  | { kind: 'out-of-memory' }
  | { kind: 'drip'; byteMs?: number }
  | { kind: 'content-type'; value: string }

/** A path ends with `*` to select all that begin like it. No match selects every request. */
export type FaultMatch = { path?: string; method?: string; model?: string }

export type FaultTable = {
  add(match: FaultMatch, fault: Fault, times: number): void
  clear(): void
  /** The fault for a request, found before its body is read (no model) or after. */
  take(request: { path: string; method: string; model?: string }): Fault | null
}

/** The faults in force. One that was added later wins; each strikes as often as it was asked to. */
export function createFaultTable(): FaultTable {
  let entries: { match: FaultMatch; fault: Fault; left: number }[] = []
  return {
    add: (match, fault, times) => {
      entries.unshift({ match, fault, left: times })
    },
    clear: () => {
      entries = []
    },
    take: (request) => {
      const entry = entries.find(({ match }) => isMatch(match, request))
      if (!entry) return null
      entry.left -= 1
      if (entry.left <= 0) entries = entries.filter((other) => other !== entry)
      return entry.fault
    },
  }
}

function isMatch(
  match: FaultMatch,
  request: { path: string; method: string; model?: string },
): boolean {
  const needsModel = match.model !== undefined
  if (needsModel !== (request.model !== undefined)) return false
  if (needsModel && match.model?.toLowerCase() !== request.model?.toLowerCase()) return false
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false
  if (match.path === undefined) return true
  return match.path.endsWith('*')
    ? request.path.startsWith(match.path.slice(0, -1))
    : request.path === match.path
}
