import { type Dispatcher, Pool } from 'undici'
import { inNextTurn } from '@/lib/core/next-turn'
import type { ByteSink, ByteSource } from '@/lib/http/byte-source'
import { lookupBackend } from './backend-lookup'

export type DialRequest = {
  /** `http://host:port`. */
  origin: string
  method: string
  /** Path and query, the backend's base path included. */
  path: string
  /** Name, value, name, value, … */
  headers: string[]
  body: Uint8Array | AsyncIterable<Uint8Array> | null
  /** Ends the attempt in every phase. */
  signal: DialSignal
  /** Time left for finding a connection; only felt where it is shorter than the connect timeout. */
  connectWithinMs: number
  /** 0 is no limit. */
  headersTimeoutMs: number
  bodyTimeoutMs: number
}

/** What is used of an AbortSignal; one of those for each attempt would cost more than the rest. */
export type DialSignal = {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export type Upstream = {
  status: number
  /** As on the wire: name, value, … */
  headers: string[]
  body: ByteSource
}

/**
 * `unreachable`: no connection, nothing was sent. `closed`: the connection ended before a header.
 * `timed_out`: no connection within the connect timeout, or no header within the headers timeout.
 * `aborted`: by the signal.
 */
export type DialResult =
  | { kind: 'answered'; upstream: Upstream }
  | { kind: 'unreachable' | 'closed' | 'timed_out' | 'aborted'; connected: boolean; error: Error }

export type Dialer = {
  /** Never rejects: whatever fails is a result. */
  dial(request: DialRequest): Promise<DialResult>
  /** Sets the connect timeout and lets go of connections to origins not named here. */
  update(next: { origins: readonly string[]; connectTimeoutMs: number }): void
  close(): Promise<void>
}

/** The request path's way to backends: own pools, no hidden timeout, no cap on connections. */
export function createDialer(options: { connectTimeoutMs: number }): Dialer {
  let connectTimeoutMs = options.connectTimeoutMs
  const pools = new Map<string, Pool>()

  function poolOf(origin: string): Pool {
    let pool = pools.get(origin)
    if (!pool) {
      pool = new Pool(origin, {
        connections: null,
        connect: { timeout: connectTimeoutMs, lookup: lookupBackend },
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: 15_000,
      })
      pools.set(origin, pool)
    }
    return pool
  }

  function letGo(origin: string): void {
    // Requests under way keep their sockets until they end; only new ones go elsewhere.
    pools
      .get(origin)
      ?.close()
      .catch(() => {})
    pools.delete(origin)
  }

  return {
    dial: (request) =>
      dialPool(poolOf(request.origin), request, request.connectWithinMs < connectTimeoutMs),
    update(next) {
      const changed = next.connectTimeoutMs !== connectTimeoutMs
      connectTimeoutMs = next.connectTimeoutMs
      for (const origin of pools.keys()) {
        if (changed || !next.origins.includes(origin)) letGo(origin)
      }
    },
    async close() {
      const all = [...pools.values()]
      pools.clear()
      await Promise.all(all.map((pool) => pool.destroy()))
    },
  }
}

function dialPool(pool: Pool, request: DialRequest, hurried: boolean): Promise<DialResult> {
  return new Promise((resolve) => {
    const attempt = new Attempt(request.signal, resolve)
    if (request.signal.aborted) {
      attempt.abort()
      return
    }
    if (hurried) attempt.connectWithin(request.connectWithinMs)
    pool.dispatch(
      {
        method: request.method as Dispatcher.HttpMethod,
        path: request.path,
        headers: request.headers,
        body: request.body as Dispatcher.DispatchOptions['body'],
        headersTimeout: request.headersTimeoutMs,
        bodyTimeout: request.bodyTimeoutMs,
      },
      attempt,
    )
  })
}

const earlyBytesMax = 262_144

/**
 * One dial: undici's handler on one side, a ByteSource on the other. `onConnect`, `onHeaders` and so
 * on are the names that undici's own `request` and `stream` take; by the newer ones it makes an object
 * of the headers of every answer, which nobody reads here, and puts a layer before every chunk.
 */
class Attempt implements Dispatcher.DispatchHandler, ByteSource {
  private abortRequest: ((error: Error) => void) | null = null
  private resumeParser: (() => void) | null = null
  private paused = false
  private sink: ByteSink | null = null
  private early: Uint8Array[] = []
  private earlyBytes = 0
  private state: 'dialling' | 'answered' | 'ended' | 'failed' | 'cancelled' = 'dialling'
  private failure: Error | null = null
  private connectTimer: NodeJS.Timeout | undefined
  private readonly onAbort = () => this.abort()

  constructor(
    private readonly signal: DialSignal,
    private readonly resolve: (result: DialResult) => void,
  ) {
    signal.addEventListener('abort', this.onAbort)
  }

  abort(): void {
    const error = abortReason(this.signal)
    if (this.state === 'dialling') {
      this.settleDial({ kind: 'aborted', error })
      this.abortRequest?.(error)
    } else this.cancel(error)
  }

  connectWithin(milliseconds: number): void {
    this.connectTimer = setTimeout(() => {
      const error = new Error('no connection within the time for attempts')
      if (this.state === 'dialling') this.settleDial({ kind: 'timed_out', error })
    }, milliseconds)
  }

  onConnect(abort: (error?: Error) => void): void {
    clearTimeout(this.connectTimer)
    this.abortRequest = abort
    if (this.state !== 'dialling') abort(this.failure ?? new Error('cancelled'))
  }

  onHeaders(status: number, rawHeaders: (Buffer | string)[], resume: () => void): boolean {
    if (status < 200) return true
    this.state = 'answered'
    this.resumeParser = resume
    const headers = rawHeaders.map((part) =>
      typeof part === 'string' ? part : part.toString('latin1'),
    )
    inNextTurn(() => this.tellAnswer({ status, headers, body: this }))
    return true
  }

  private tellAnswer(upstream: Upstream): void {
    if (this.state === 'cancelled') {
      this.resolve({ kind: 'aborted', connected: true, error: abortReason(this.signal) })
    } else this.resolve({ kind: 'answered', upstream })
  }

  onData(chunk: Buffer): boolean {
    if (this.sink) {
      if (!this.sink.chunk(chunk)) this.paused = true
    } else {
      this.early.push(chunk)
      this.earlyBytes += chunk.length
      if (this.earlyBytes > earlyBytesMax) this.paused = true
    }
    return !this.paused
  }

  onComplete(): void {
    this.letGoOfSignal()
    if (this.state !== 'answered') return
    this.state = 'ended'
    this.sink?.end()
  }

  onError(error: Error): void {
    this.letGoOfSignal()
    if (this.state === 'dialling') {
      this.settleDial({ kind: failureKind(error, this.abortRequest !== null), error })
    } else if (this.state === 'answered') {
      this.state = 'failed'
      this.failure = error
      this.sink?.fail(error)
    }
  }

  takeWhole(): Uint8Array | null {
    if (this.state !== 'ended' || this.sink !== null) return null
    const [first] = this.early
    return this.early.length === 1 && first ? first : Buffer.concat(this.early)
  }

  start(sink: ByteSink): void {
    this.sink = sink
    const early = this.early
    this.early = []
    let ready = true
    for (const chunk of early) ready = sink.chunk(chunk)
    if (this.state === 'ended') sink.end()
    else if (this.state === 'failed') sink.fail(this.failure ?? new Error('failed'))
    else if (ready) this.resume()
    else this.paused = true
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.resumeParser?.()
  }

  cancel(reason: Error): void {
    this.letGoOfSignal()
    if (this.state === 'ended' || this.state === 'failed') return
    this.state = 'cancelled'
    this.failure ??= reason
    this.early = []
    this.abortRequest?.(reason)
  }

  private settleDial(result: {
    kind: 'unreachable' | 'closed' | 'timed_out' | 'aborted'
    error: Error
  }): void {
    this.state = 'failed'
    this.failure = result.error
    clearTimeout(this.connectTimer)
    this.letGoOfSignal()
    this.resolve({ ...result, connected: this.abortRequest !== null })
  }

  private letGoOfSignal(): void {
    this.signal.removeEventListener('abort', this.onAbort)
  }
}

function failureKind(error: Error, connected: boolean): 'unreachable' | 'closed' | 'timed_out' {
  const code = 'code' in error ? error.code : undefined
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') return 'timed_out'
  return connected ? 'closed' : 'unreachable'
}

function abortReason(signal: DialSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted')
}
