import type { ByteSink, ByteSource } from './byte-source'

/** What was read, and, where that is not the whole, the source that gives it again and the rest. */
export type ReadAhead = { bytes: Uint8Array; longer: BegunSource | null }

/**
 * Reads a body whole, or until there is more than `bytesMax`; null when the source fails, or when
 * `onCancel` calls back before. `onCancel` registers a listener and gives back how to take it away.
 */
export function readAhead(
  source: ByteSource,
  bytesMax: number,
  onCancel: (listener: () => void) => () => void,
): Promise<ReadAhead | null> {
  return new Promise((resolve) => {
    let leave = () => {}
    const begun = new BegunSource(source, bytesMax, (outcome) => {
      leave()
      if (outcome === 'failed') resolve(null)
      else resolve({ bytes: begun.readSoFar(), longer: outcome === 'longer' ? begun : null })
    })
    leave = onCancel(() => {
      begun.cancel(new Error('cancelled'))
      resolve(null)
    })
    source.start(begun)
  })
}

/** A body of which the first bytes were read: whoever starts it gets all of it, in order. */
export class BegunSource implements ByteSource, ByteSink {
  private early: Uint8Array[] = []
  private earlyBytes = 0
  private ending: 'ended' | Error | null = null
  private told = false
  private sink: ByteSink | null = null

  constructor(
    private readonly source: ByteSource,
    private readonly bytesMax: number,
    private readonly tell: (outcome: 'whole' | 'longer' | 'failed') => void,
  ) {}

  readSoFar(): Uint8Array {
    return Buffer.concat(this.early)
  }

  chunk(bytes: Uint8Array): boolean {
    if (this.sink) return this.sink.chunk(bytes)
    this.early.push(bytes)
    this.earlyBytes += bytes.byteLength
    if (this.earlyBytes <= this.bytesMax) return true
    this.tellOnce('longer')
    return false
  }

  end(): void {
    this.ending = 'ended'
    if (this.sink) this.sink.end()
    else this.tellOnce('whole')
  }

  fail(error: Error): void {
    this.ending = error
    if (this.sink) this.sink.fail(error)
    else this.tellOnce('failed')
  }

  start(sink: ByteSink): void {
    const { early } = this
    this.early = []
    this.sink = sink
    let ready = true
    for (const bytes of early) ready = sink.chunk(bytes)
    if (this.ending === 'ended') sink.end()
    else if (this.ending) sink.fail(this.ending)
    else if (ready) this.source.resume()
  }

  resume(): void {
    this.source.resume()
  }

  cancel(reason: Error): void {
    this.early = []
    this.source.cancel(reason)
  }

  /** Nobody has started it, and nobody will. */
  letGo(): void {
    if (this.sink === null) this.cancel(new Error('not wanted'))
  }

  private tellOnce(outcome: 'whole' | 'longer' | 'failed'): void {
    if (this.told) return
    this.told = true
    this.tell(outcome)
  }
}
