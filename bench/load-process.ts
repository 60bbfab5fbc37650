import { fork } from 'node:child_process'
import path from 'node:path'
import type {
  LoadCommand,
  LoadReport,
  RequestsCommand,
  RequestsResult,
  StreamsCommand,
  StreamsMark,
  StreamsResult,
} from './load-contract'
import { stopChild } from './measured-process'

export type Load = {
  pid: number | undefined
  requests(command: Omit<RequestsCommand, 'kind'>): Promise<RequestsResult>
  streams(command: Omit<StreamsCommand, 'kind'>): {
    /** Every stream has had its first chunk; rejects when one never had. */
    flowing: Promise<void>
    mark(): Promise<StreamsMark>
    ended: Promise<StreamsResult>
  }
  stop(): Promise<void>
}

type Of<Kind extends LoadReport['kind']> = Extract<LoadReport, { kind: Kind }>

export function startLoad(): Load {
  const child = fork(path.resolve(import.meta.dirname, 'load.ts'), [], {
    execArgv: ['--import', 'tsx'],
  })
  const waiting = new Map<string, (report: LoadReport) => void>()
  child.on('message', (report: LoadReport) => waiting.get(report.kind)?.(report))

  function next<Kind extends LoadReport['kind']>(kind: Kind): Promise<Of<Kind>> {
    // A report is stored under its own kind.
    return new Promise((resolve) => waiting.set(kind, (report) => resolve(report as Of<Kind>)))
  }
  const send = (command: LoadCommand) => child.send(command)

  return {
    pid: child.pid,
    async requests(command) {
      const answer = next('requests')
      send({ ...command, kind: 'requests' })
      return (await answer).result
    },
    streams(command) {
      const ended = next('streams').then(({ result }) => result)
      const flowing = Promise.race([
        next('flowing').then(() => {}),
        ended.then((result) => {
          if (result.errors > 0) throw new Error(`${result.errors} streams never began`)
        }),
      ])
      send({ ...command, kind: 'streams' })
      return {
        flowing,
        async mark() {
          const answer = next('mark')
          send({ kind: 'mark' })
          return (await answer).result
        },
        ended,
      }
    },
    stop: () => stopChild(child),
  }
}
