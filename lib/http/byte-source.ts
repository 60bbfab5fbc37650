/**
 * A body that is pushed: no web stream, no copy, one call per chunk. `start` is called once; after
 * `chunk` answered false nothing more comes until `resume`. Exactly one of `end` and `fail` is
 * called, and nothing after it; after `cancel` neither is.
 */
export type ByteSource = {
  start(sink: ByteSink): void
  /** Instead of `start`: the whole body, where it is here by now; null, and nothing taken, else. */
  takeWhole?(): Uint8Array | null
  resume(): void
  cancel(reason: Error): void
}

export type ByteSink = {
  /** False asks the source to pause: the bytes given are still taken. */
  chunk(bytes: Uint8Array): boolean
  end(): void
  fail(error: Error): void
}

/** The same source for whoever takes web streams: pulled, so a slow reader slows the source. */
export function toReadableStream(source: ByteSource): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        source.start({
          chunk(bytes) {
            controller.enqueue(bytes)
            return (controller.desiredSize ?? 0) > 0
          },
          end: () => controller.close(),
          fail: (error) => controller.error(error),
        })
      },
      pull: () => source.resume(),
      cancel: (reason) => source.cancel(reason instanceof Error ? reason : new Error('cancelled')),
    },
    { highWaterMark: 65_536, size: (bytes) => bytes?.byteLength ?? 0 },
  )
}
