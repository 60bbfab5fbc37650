import type { AttemptLease, AttemptOutcome } from '@/lib/backends/contract'
import type { DialResult, DialSignal, Upstream } from '@/lib/backends/dial'
import { CorralError } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import type { ByteSource } from '@/lib/http/byte-source'
import { readAhead } from '@/lib/http/read-ahead'
import type { Candidate } from '@/lib/routing/contract'
import type { Exchange } from './contract'
import { whenGone } from './exchange'
import { makeBackendRequest } from './make-backend-request'
import { requireOperation } from './require-operation'
import type { DialTarget } from './snapshot'

export type AttemptInput = {
  candidate: Candidate
  target: DialTarget
  /** The candidate's place in the selection. */
  index: number
  connectWithinMs: number
}

/** An answer that may go to the client: its head, and its body as a stream or already read. */
export type Answered = {
  backendName: string
  /** The usage event was asked for by us, and is taken out of the stream again. */
  usageInjected: boolean
  status: number
  headers: string[]
  body: ByteSource | Uint8Array
}

/** `ghost`: the catalogue promised the model, and the backend has never heard of it. */
export type AttemptResult =
  | { kind: 'answered'; ghost: boolean; answer: Answered }
  | { kind: Exclude<DialResult['kind'], 'answered'>; connected: boolean }

/** One dial. A refusal is read and its lease finished; a good answer keeps its lease. */
export async function attempt(exchange: Exchange, input: AttemptInput): Promise<AttemptResult> {
  const { clock, gateway } = exchange
  const lease = gateway.fleet.takeAttempt(input.candidate.backend.id, input.candidate.model)
  exchange.attempts += 1
  noteRoute(exchange, input, lease)
  const dialledMs = clock.monotonicMs()
  const { dialled, usageInjected, leave } = beginDial(exchange, input)
  const result = await dialled
  leave()
  exchange.upstreamMs += clock.monotonicMs() - dialledMs
  if (result.kind !== 'answered') {
    const endedByUs = isOver(exchange) || exchange.uploadRefusal !== null
    lease.finish(endedByUs ? { kind: 'neutral' } : failed(result.error.message))
    if (exchange.uploadRefusal) throw exchange.uploadRefusal
    return { kind: result.kind, connected: result.connected }
  }
  const { upstream } = result
  const answer = {
    backendName: input.target.name,
    usageInjected,
    status: upstream.status,
    headers: upstream.headers,
    body: upstream.body,
  }
  if (upstream.status >= 400) return readRefusal(exchange, { ...input, lease, answer, upstream })
  lease.noteAnswer()
  return { kind: 'answered', ghost: false, answer }
}

/** What ends a dial before its answer: nobody waits any more, health gave up, time is up. */
function beginDial(
  exchange: Exchange,
  { candidate, target, connectWithinMs }: AttemptInput,
): { dialled: Promise<DialResult>; usageInjected: boolean; leave(): void } {
  const { gateway, snapshot, request } = exchange
  const made = makeBackendRequest(exchange, { candidate, target })
  const signal = new AttemptSignal()
  const leaveGone = whenGone(exchange, () => signal.abort('nobody waits for it'))
  const leaveUnhealthy = gateway.fleet.onUnhealthy(candidate.backend.id, () =>
    signal.abort('health calls the backend unhealthy'),
  )
  const dialled = gateway.dialer.dial({
    origin: target.origin,
    method: request.method,
    path: `${target.basePath}${exchange.path}${exchange.query}`,
    headers: made.headers,
    body: made.body,
    signal,
    connectWithinMs,
    headersTimeoutMs: snapshot.settings.headersTimeoutMs,
    bodyTimeoutMs: snapshot.settings.bodyTimeoutMs,
  })
  const leave = () => {
    leaveGone()
    leaveUnhealthy()
  }
  return { dialled, usageInjected: made.usageInjected, leave }
}

/** An abort signal with room for its one listener: the dialler. */
class AttemptSignal implements DialSignal {
  reason: Error | undefined
  private listener: (() => void) | null = null

  get aborted(): boolean {
    return this.reason !== undefined
  }

  abort(reason: string): void {
    if (this.reason) return
    this.reason = new Error(reason)
    this.listener?.()
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listener = listener
  }

  removeEventListener(): void {
    this.listener = null
  }
}

/** A longer refusal is passed on as a stream; what comes next is decided by its beginning. */
export const refusalBytesMax = 65_536

/** The words of a refusal decide what comes next, and may be passed on. */
async function readRefusal(
  exchange: Exchange,
  input: AttemptInput & { lease: AttemptLease; answer: Answered; upstream: Upstream },
): Promise<AttemptResult> {
  const { candidate, target, lease, upstream } = input
  const read = await readAhead(upstream.body, refusalBytesMax, (cancel) =>
    whenGone(exchange, cancel),
  )
  const longer = read?.longer ?? null
  if (longer) exchange.releases.push(() => longer.letGo())
  if (isOver(exchange) || !read) {
    lease.finish(isOver(exchange) ? { kind: 'neutral' } : failed('the answer broke off'))
    return { kind: 'closed', connected: true }
  }
  lease.finish(refusalOutcome(upstream.status, read.bytes))
  if (refusesCredentials(target, upstream.status)) {
    throw new CorralError('backends.refused_credentials', {
      params: exchange.snapshot.settings.routeHeaders ? { backends: target.name } : {},
    })
  }
  const ghost = upstream.status === 404 && wasPromised(exchange, candidate)
  if (ghost) void exchange.gateway.fleet.refreshCatalogue(candidate.backend.id)
  return { kind: 'answered', ghost, answer: { ...input.answer, body: longer ?? read.bytes } }
}

/** The client left, or a person stopped the request: that says nothing about the backend. */
function isOver({ gone, stopped }: Exchange): boolean {
  return gone || stopped
}

function refusalOutcome(status: number, body: Uint8Array): AttemptOutcome {
  if (status === 502 || status === 503 || status === 504) return failed(`answered ${status}`)
  const text = new TextDecoder().decode(body.subarray(0, 500))
  if (status === 500 && /requires more system memory|out of memory/i.test(text)) {
    return { kind: 'out_of_memory', error: text }
  }
  return { kind: 'neutral' }
}

function failed(error: string): AttemptOutcome {
  return { kind: 'failed', error }
}

/** Only a key of ours can be refused: a server without one says 401 for reasons of its own. */
function refusesCredentials(target: DialTarget, status: number): boolean {
  return (status === 401 || status === 403) && target.credential !== null
}

function wasPromised(exchange: Exchange, { backend, model }: Candidate): boolean {
  if (!requireOperation(exchange).needsModel || model === null) return false
  return backend.catalogue?.has(normalizeModelName(model)) ?? false
}

function noteRoute(exchange: Exchange, input: AttemptInput, lease: AttemptLease): void {
  const { route } = exchange
  if (!route) return
  const { backend, model } = input.candidate
  const normalized = model === null ? null : normalizeModelName(model)
  route.chosenIndex = input.index
  route.lease = lease
  route.dialledAtMs = exchange.clock.monotonicMs()
  route.modelServed = model
  route.modelDigest = normalized ? (backend.catalogue?.get(normalized)?.digest ?? null) : null
  route.modelWasLoaded = normalized ? backend.loaded.has(normalized) : null
}
