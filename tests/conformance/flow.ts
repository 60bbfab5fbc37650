/**
 * How far the client has come, so that a server can wait for it before its next flush: a flush
 * that is held back until a later one would never be passed on, and is counted.
 */
export type Flow = {
  /** The client has so many bytes of the body. */
  received(bytes: number): void
  /** Whether the client never gets this flush. */
  takesOut(frame: Buffer): boolean
  /** Resolves when the client has them, or after `patienceMs`. */
  untilReceived(bytes: number): Promise<void>
  /** Flushes that did not arrive before a later one had to be sent. */
  heldBack: number
}

const patienceMs = 2000

export function createFlow(takesOut: (frame: Buffer) => boolean = () => false): Flow {
  let receivedBytes = 0
  let wake: (() => void) | null = null
  const flow: Flow = {
    heldBack: 0,
    takesOut,
    received(bytes) {
      receivedBytes = bytes
      wake?.()
    },
    async untilReceived(bytes) {
      const deadline = performance.now() + patienceMs
      while (receivedBytes < bytes) {
        const leftMs = deadline - performance.now()
        if (leftMs <= 0) {
          flow.heldBack += 1
          return
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    },
  }
  return flow
}
