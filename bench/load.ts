import type { LoadCommand, LoadReport, StreamsMark } from './load-contract'
import { loadRequests } from './load-requests'
import { loadStreams } from './load-streams'

/** The load generator, a process of its own: told by messages what to do, and answers so. */
let running: { mark(): StreamsMark } | null = null

process.on('message', (command: LoadCommand) => {
  switch (command.kind) {
    case 'requests':
      loadRequests(command).then((result) => tell({ kind: 'requests', result }), fail)
      return
    case 'streams': {
      const load = loadStreams(command, () => tell({ kind: 'flowing' }))
      running = load
      load.ended.then((result) => tell({ kind: 'streams', result }), fail)
      return
    }
    case 'mark':
      if (running) tell({ kind: 'mark', result: running.mark() })
  }
})

function tell(report: LoadReport): void {
  process.send?.(report)
}

function fail(error: Error): never {
  console.error(error)
  process.exit(1)
}
