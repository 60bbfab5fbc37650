import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** What a process has used: the CPU of all its threads since its start, its resident memory now. */
export type Gauge = { cpuUs: number; rssBytes: number }
export type Measured = {
  /** `collect`: after garbage was collected, where that can be asked for. */
  gauge(options?: { collect: boolean }): Promise<Gauge>
  stop(): Promise<void>
}

type Program =
  /** A Node program: asked over its channel. */
  | { program: string; args?: string[]; env?: Record<string, string> }
  /** Any other: read from /proc. */
  | { command: string; args: string[] }

const reporter = path.resolve(import.meta.dirname, 'report-gauge.mjs')
const stopWithinMs = 10_000

export function startMeasured(started: Program): Measured {
  if ('command' in started) {
    const child = spawn(started.command, started.args, { stdio: ['ignore', 'ignore', 'inherit'] })
    return { gauge: async () => readProc(child.pid ?? 0), stop: () => stopChild(child) }
  }
  const child = fork(started.program, started.args ?? [], {
    execArgv: ['--import', `file://${reporter}`],
    env: { ...process.env, ...started.env, BENCH_PID: String(process.pid) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return { gauge: askGauge(child), stop: () => stopChild(child) }
}

function askGauge(child: ChildProcess): Measured['gauge'] {
  let asked = 0
  const waiting = new Map<number, (gauge: Gauge) => void>()
  let died: (error: Error) => void = () => {}
  child.on('message', (answer: Gauge & { id?: number }) => {
    if (answer.id === undefined) return
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  child.on('exit', (code) => died(new Error(`a measured process ended with ${code}`)))
  return ({ collect } = { collect: false }) =>
    new Promise((resolve, reject) => {
      const id = ++asked
      died = reject
      waiting.set(id, resolve)
      child.send({ kind: 'gauge', id, collect })
    })
}

const tickUs = 10_000
const pageBytes = 4096

/** proc(5): utime and stime are the 14th and 15th field, rss the 24th; names may hold spaces. */
function readProc(pid: number): Gauge {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const at = (field: number) => Number(fields[field - 3])
  return { cpuUs: (at(14) + at(15)) * tickUs, rssBytes: at(24) * pageBytes }
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  child.kill('SIGTERM')
  await exited
  clearTimeout(timer)
}
