import { openJournal } from '@/lib/usage/journal'
import { makeUsageRecord } from '../usage-record'

// Appends so many records to the journal in the given folder, tells their ids and ends once the
// journal holds nothing back any more.
const [folder = '', count = '0'] = process.argv.slice(2)
let troubles = 0
let isFailing = false
const journal = openJournal({
  folder,
  nodeId: 'appender',
  onTrouble: ({ failing }) => {
    isFailing = failing
    troubles += failing ? 1 : 0
  },
})
const ids: string[] = []
for (let index = 0; index < Number(count); index++) {
  const record = makeUsageRecord()
  journal.append(record)
  ids.push(record.id)
  await new Promise((resolve) => setTimeout(resolve, 5))
}
for (let tries = 0; isFailing && tries < 1000; tries++) {
  await new Promise((resolve) => setTimeout(resolve, 10))
}
journal.close()
process.stdout.write(JSON.stringify({ ids, troubles }))
