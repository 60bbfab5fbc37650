import { describe, expect, it } from 'vitest'
import type { CaughtContent } from '@/lib/db/contract-duties'
import { createCaptureQueue } from './capture-queue'
import { startStoringContent } from './store-content'

function caught(recordId: string, bytes = 10): CaughtContent {
  const prompt = new Uint8Array(bytes).fill(0x61)
  return { recordId, atMs: 1, prompt, response: null, promptCut: false, responseCut: false }
}
const settings = () => ({ captureCharsMax: 100, captureRedactions: ['x'] })

describe('createCaptureQueue', () => {
  it('gives the oldest first, and drops what finds no room, counted once', () => {
    const queue = createCaptureQueue()
    for (let i = 0; i < 1003; i++) queue.add(caught(`r${i}`))
    expect(queue.takeDropped()).toBe(3)
    expect(queue.takeDropped()).toBe(0)
    expect(queue.take(2).map((item) => item.recordId)).toEqual(['r0', 'r1'])
    queue.add(caught('later'))
    expect(queue.take(2000).at(-1)?.recordId).toBe('later')
    expect(queue.take(1)).toEqual([])
  })

  it('holds no more than 64 MiB, and has room again when it was emptied', () => {
    const queue = createCaptureQueue()
    const big = 32 * 1024 * 1024
    for (const name of ['a', 'b', 'c']) queue.add(caught(name, big))
    expect(queue.takeDropped()).toBe(1)
    queue.take(1)
    queue.add(caught('d', big))
    expect(queue.takeDropped()).toBe(0)
  })
})

describe('startStoringContent', () => {
  it('stores in small batches, and tells what was lost without its words', async () => {
    const queue = createCaptureQueue()
    const sizes: number[] = []
    const losses: unknown[] = []
    const abort = new AbortController()
    const storing = startStoringContent({
      queue,
      db: {
        async storeCapturedContent(batch) {
          sizes.push(batch.items.length)
          expect(batch).toMatchObject({ charsMax: 100, redactions: ['x'] })
          if (sizes.length === 2) throw new Error('locked')
          return { withheld: sizes.length === 3 ? 1 : 0 }
        },
      },
      settings,
      onLoss: (loss) => losses.push(loss),
      signal: abort.signal,
    })
    for (let i = 0; i < 45; i++) queue.add(caught(`r${i}`))
    await storing.flush()
    expect(sizes).toEqual([20, 20, 5])
    expect(losses).toEqual([{ dropped: 20, withheld: 1, error: new Error('locked') }])
    await storing.flush()
    expect(losses).toHaveLength(1)
    abort.abort()
    await storing.stopped
  })
})
