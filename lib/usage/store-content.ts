import { waitUnlessAborted } from '@/lib/core/wait-unless-aborted'
import type { Database } from '@/lib/db/contract'
import type { Settings } from '@/lib/schemas/settings'
import type { CaptureQueue } from './capture-queue'

const everyMs = 500
const batchSize = 20
const batchesMax = 50

type Loss = { dropped: number; withheld: number; error?: unknown }
type Options = {
  queue: CaptureQueue
  db: Pick<Database, 'storeCapturedContent'>
  settings: () => Pick<Settings, 'captureCharsMax' | 'captureRedactions'>
  /** What is lost is told, never what it said. */
  onLoss: (loss: Loss) => void
  signal: AbortSignal
}

/**
 * The duty that stores captured content in batches, away from every request. What the database
 * refuses is dropped: content is a convenience, and waiting for it would cost memory.
 */
export function startStoringContent(options: Options): {
  stopped: Promise<void>
  flush(): Promise<void>
} {
  let running = Promise.resolve()
  const flush = () => {
    running = running.then(() => storeWaiting(options))
    return running
  }
  const repeat = async () => {
    while (await waitUnlessAborted(everyMs, options.signal)) await flush()
  }
  return { stopped: repeat(), flush }
}

async function storeWaiting({ queue, db, settings, onLoss }: Options): Promise<void> {
  const loss: Loss = { dropped: queue.takeDropped(), withheld: 0 }
  for (let count = 0; count < batchesMax; count++) {
    const items = queue.take(batchSize)
    if (items.length === 0) break
    const { captureCharsMax: charsMax, captureRedactions: redactions } = settings()
    try {
      const { withheld } = await db.storeCapturedContent({
        items,
        charsMax,
        redactions: [...redactions],
      })
      loss.withheld += withheld
    } catch (error) {
      loss.dropped += items.length
      loss.error = error
    }
  }
  if (loss.dropped > 0 || loss.withheld > 0) onLoss(loss)
}
