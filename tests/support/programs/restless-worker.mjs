// Stands in for the database worker: answers `countUsers` with its thread id, dies of `migrate`,
// throws outside any call for `readRevision`, and never answers `listUsers`.
import { parentPort, threadId } from 'node:worker_threads'

parentPort.on('message', ({ id, name }) => {
  if (name === 'migrate') process.exit(3)
  if (name === 'readRevision') {
    setImmediate(() => {
      throw new Error('out of nowhere')
    })
  }
  if (['open', 'close', 'countUsers'].includes(name)) {
    parentPort.postMessage({ id, ok: true, value: threadId })
  }
})
