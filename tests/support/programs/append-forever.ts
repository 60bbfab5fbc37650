import { once } from 'node:events'
import { openJournal } from '@/lib/usage/journal'
import { makeUsageRecord } from '../usage-record'

// Appends to the journal in the given folder until it is killed, and tells each id after it.
const [folder = '', segmentBytesMax = '0'] = process.argv.slice(2)
const journal = openJournal({
  folder,
  nodeId: 'appender',
  segmentBytesMax: Number(segmentBytesMax),
})
while (true) {
  const record = makeUsageRecord()
  journal.append(record)
  if (!process.stdout.write(`${record.id}\n`)) await once(process.stdout, 'drain')
}
