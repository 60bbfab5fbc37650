import { openDatabase } from '@/lib/db/open-database'
import { startIngest } from '@/lib/usage/ingest'

// Ingests a folder in small steps, telling each step after it; ends when nothing is left.
const [url = '', journalFolder = ''] = process.argv.slice(2)
const db = await openDatabase({ url })
const ingest = startIngest({
  db: {
    ...db,
    async ingestJournalSegment(segment) {
      const step = await db.ingestJournalSegment(segment)
      process.stdout.write(`${step.records}\n`)
      return step
    },
  },
  journalFolder,
  journal: null,
  bytesMax: 20_000,
  segmentLeaseMs: 0,
  signal: AbortSignal.abort(),
})
await ingest.flush()
await db.close()
