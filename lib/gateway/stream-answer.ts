import { publicErrorText } from '@/lib/core/errors'
import { createObserver, type Observation, type Observer } from '@/lib/dialects/observe'
import type { Operation } from '@/lib/dialects/operations'
import { renderStreamError } from '@/lib/dialects/render-error'
import type { ByteSink, ByteSource } from '@/lib/http/byte-source'
import { findHeader } from '@/lib/http/forward-headers'
import { answerHeaders } from './answer-headers'
import type { Answered } from './attempt'
import { type Capture, captureAnswer } from './capture'
import type { Ending, Exchange, GatewayAnswer } from './contract'
import { whenGone } from './exchange'
import { noteCatalogueChange } from './note-catalogue-change'
import { requireOperation } from './require-operation'
import { settle } from './settle'
import { keepShow } from './show-cache'

/** The backend's answer on its way to the client: bytes untouched, observed, settled once. */
export function streamAnswer(exchange: Exchange, answered: Answered): GatewayAnswer {
  const { status } = answered
  const headers = answerHeaders(exchange, answered)
  const body = new ObservedBody(exchange, answered)
  if (answered.body instanceof Uint8Array) {
    const bytes = body.observeWhole(answered.body)
    return { status, headers, body: bytes }
  }
  exchange.body = null
  if (exchange.request.method === 'HEAD' || bodiless.has(status)) {
    answered.body.start(nowhere)
    body.observeWhole(new Uint8Array())
    return { status, headers, body: null }
  }
  const whole = body.wholeIfHere()
  return { status, headers, body: whole === null ? body : body.observeWhole(whole) }
}

/** RFC 9110: these have no content. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/** Reads what there is and keeps nothing, so that the connection can serve again. */
const nowhere: ByteSink = { chunk: () => true, end: () => {}, fail: () => {} }

/**
 * A source for the door, a sink for the backend. The journal line is written before the bytes in
 * which the client can see the end are handed on (H1).
 */
class ObservedBody implements ByteSource, ByteSink {
  private readonly operation: Operation
  private readonly observer: Observer
  private readonly streamed: boolean
  private readonly lengthBytes: number | null
  /** Null where the body is here already. */
  private readonly source: ByteSource | null
  private readonly capture: Capture | null
  private receivedBytes = 0
  private sink: ByteSink | null = null
  private done = false
  private leaveGone: () => void = () => {}

  constructor(
    private readonly exchange: Exchange,
    private readonly answered: Answered,
  ) {
    this.operation = requireOperation(exchange)
    const contentType = findHeader(answered.headers, 'content-type') ?? ''
    const length = findHeader(answered.headers, 'content-length')
    // We never ask for a content coding: an answer that has one all the same cannot be read along.
    const coded = findHeader(answered.headers, 'content-encoding') !== null
    this.capture = coded ? null : exchange.capture
    this.streamed = !coded && /^(application\/x-ndjson|text\/event-stream)/i.test(contentType)
    const { status, body } = answered
    this.source =
      body instanceof Uint8Array ? null : keepShow(exchange, { status, contentType, body })
    this.lengthBytes = length === null ? null : Number(length)
    this.observer = createObserver({
      operation: this.operation,
      streamed: this.streamed,
      status: answered.status,
      inputChars: exchange.call?.inputChars ?? 0,
      takeUsageOut: answered.usageInjected,
    })
  }

  /** A small answer comes with its head; there is nothing to wait for, and no stream is made. */
  wholeIfHere(): Uint8Array | null {
    return this.streamed ? null : (this.source?.takeWhole?.() ?? null)
  }

  /** A body that is already here: observed and settled before anything of it goes out. */
  observeWhole(bytes: Uint8Array): Uint8Array {
    const out = this.observer.push(bytes)
    // What was refused has no source any more, and no first token.
    if (this.source !== null) this.noteFirstToken()
    this.count(out)
    this.complete(this.observer.end(true).observation)
    return out
  }

  start(sink: ByteSink): void {
    this.sink = sink
    this.leaveGone = whenGone(this.exchange, () => this.breakUp())
    if (!this.done) this.source?.start(this)
  }

  resume(): void {
    this.source?.resume()
  }

  private breakUp(): void {
    if (this.exchange.stopped) this.stop()
    else this.cancel(new Error('the client left'))
  }

  /** A person's word: the backend is told at once, the client reads the dialect's own error. */
  private stop(): void {
    if (this.done) return
    const error = new Error('stopped')
    this.source?.cancel(error)
    const { rest, observation } = this.observer.end(false)
    this.sayBroken('gateway.stopped', rest, (errorText) => ({
      kind: 'stopped',
      observation,
      errorText,
    }))
    if (this.streamed) this.sink?.end()
    else this.sink?.fail(error)
  }

  /** The client left: the backend is told at once, and the record says 499 with the counts so far. */
  cancel(reason: Error): void {
    if (this.done) return
    this.done = true
    this.source?.cancel(reason)
    settle(this.exchange, { kind: 'left', observation: this.observer.end(false).observation })
  }

  chunk(bytes: Uint8Array): boolean {
    this.receivedBytes += bytes.length
    const out = this.done ? bytes : this.observer.push(bytes)
    if (!this.done) {
      this.noteFirstToken()
      if (this.observer.terminal || this.receivedBytes === this.lengthBytes) {
        return this.passOnLast(out)
      }
    }
    return this.passOn(out)
  }

  end(): void {
    if (!this.done) {
      const { rest, observation } = this.observer.end(true)
      if (observation.ending === 'broken' && this.streamed) {
        this.breakOff(rest, observation)
      } else {
        this.count(rest)
        this.complete(observation)
        if (rest.length > 0) this.sink?.chunk(rest)
      }
    }
    this.leaveGone()
    this.sink?.end()
  }

  fail(error: Error): void {
    if (this.done) {
      // The client has seen the end of its answer; only the framing is left to close.
      this.leaveGone()
      this.sink?.end()
      return
    }
    const { rest, observation } = this.observer.end(false)
    this.breakOff(rest, observation, error)
    if (this.streamed) this.sink?.end()
    else this.sink?.fail(error)
  }

  /** D14: the dialect's own error closes a stream that broke; a half line is ended first. */
  private breakOff(rest: Uint8Array, observation: Observation, cause?: Error): void {
    const code = 'backends.broke_off'
    this.sayBroken(code, rest, (errorText) => ({
      kind: 'broken',
      code,
      observation,
      errorText,
      cause,
    }))
  }

  /** Settled before the bytes in which the client sees the end. */
  private sayBroken(
    code: 'backends.broke_off' | 'gateway.stopped',
    rest: Uint8Array,
    ending: (errorText: string) => Ending,
  ): void {
    const text = publicErrorText(code)
    this.done = true
    this.leaveGone()
    const error = renderStreamError(this.operation, {
      text,
      code,
      requestId: this.exchange.id,
      midEvent: this.observer.midEvent,
    })
    if (this.streamed) {
      this.count(rest)
      this.count(error)
    }
    settle(this.exchange, ending(text))
    if (!this.streamed) return
    if (rest.length > 0) this.sink?.chunk(rest)
    this.sink?.chunk(error)
  }

  private noteFirstToken(): void {
    if (this.exchange.firstTokenMs !== null || !this.observer.tokenSeen) return
    this.exchange.firstTokenMs = this.exchange.clock.monotonicMs()
  }

  /** Before the settlement, which tells how much went out. */
  private count(bytes: Uint8Array): void {
    this.exchange.bytesOut += bytes.length
    if (this.capture !== null) captureAnswer(this.capture, bytes)
  }

  private passOnLast(out: Uint8Array): boolean {
    const { rest, observation } = this.observer.end(true)
    this.count(out)
    this.count(rest)
    this.complete(observation)
    let ready = true
    if (out.length > 0) ready = this.sink?.chunk(out) ?? true
    if (rest.length > 0) ready = this.sink?.chunk(rest) ?? true
    return ready
  }

  private passOn(out: Uint8Array): boolean {
    if (out.length === 0) return true
    this.count(out)
    return this.sink?.chunk(out) ?? true
  }

  private complete(observation: Observation): void {
    this.done = true
    const { status } = this.answered
    if (observation.ending === 'upstream-error' && status < 400) {
      settle(this.exchange, {
        kind: 'broken',
        code: 'backends.broke_off',
        observation,
        errorText: observation.upstreamErrorText ?? publicErrorText('backends.broke_off'),
      })
      return
    }
    settle(this.exchange, { kind: 'completed', status, observation })
    noteCatalogueChange(this.exchange)
  }
}
