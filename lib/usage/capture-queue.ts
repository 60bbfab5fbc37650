import type { CaughtContent } from '@/lib/db/contract-duties'

const itemsMax = 1000
const bytesMax = 64 * 1024 * 1024

export type CaptureQueue = {
  /** Never waits: what finds no room is dropped and counted. */
  add(item: CaughtContent): void
  /** The oldest, at most so many; they are the caller's now. */
  take(count: number): CaughtContent[]
  /** How many were dropped since the last time this was asked. */
  takeDropped(): number
}

/** H2: what waits to be stored, at most 1,000 exchanges and 64 MiB. */
export function createCaptureQueue(): CaptureQueue {
  let items: CaughtContent[] = []
  let bytes = 0
  let dropped = 0
  return {
    add(item) {
      const size = sizeOf(item)
      if (items.length >= itemsMax || bytes + size > bytesMax) {
        dropped++
        return
      }
      items.push(item)
      bytes += size
    },
    take(count) {
      const taken = items.slice(0, count)
      items = items.slice(count)
      for (const item of taken) bytes -= sizeOf(item)
      return taken
    },
    takeDropped() {
      const count = dropped
      dropped = 0
      return count
    },
  }
}

function sizeOf({ prompt, response }: CaughtContent): number {
  return (prompt?.byteLength ?? 0) + (response?.byteLength ?? 0)
}
