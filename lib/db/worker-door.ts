import { Worker } from 'node:worker_threads'
import { CorralError } from '@/lib/core/errors'
import type { FunctionName } from './function-names'
import type { Answer, CrossingError, Request, WorkerSettings } from './messages'

const inFlightMax = 64
const waitingMax = 10_000

type Call = {
  name: Request['name']
  args: unknown[]
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * The main thread's side of the worker: calls go in by message and come back as promises. At most
 * 64 are with the worker at once; the rest wait in line. A worker that dies rejects what it held,
 * and the next call starts a new one. It keeps the process alive only while a call is open.
 */
export function openWorkerDoor(options: { workerPath: string; settings: WorkerSettings }) {
  const inFlight = new Map<number, Call>()
  const waiting: Call[] = []
  let worker: Worker | null = null
  let lastId = 0
  let closing: Promise<void> | null = null
  let drained: (() => void) | null = null

  function call(name: FunctionName | 'open', args: unknown[]): Promise<unknown> {
    if (closing !== null) return Promise.reject(closed())
    return enqueue(name, args)
  }

  function enqueue(name: Request['name'], args: unknown[]): Promise<unknown> {
    if (waiting.length >= waitingMax) return Promise.reject(overloaded())
    return new Promise((resolve, reject) => {
      waiting.push({ name, args, resolve, reject })
      sendNext()
    })
  }

  function sendNext(): void {
    while (inFlight.size < inFlightMax) {
      const next = waiting.shift()
      if (next === undefined) return
      send(next)
    }
  }

  function send(next: Call): void {
    worker ??= startWorker()
    const id = ++lastId
    if (inFlight.size === 0) worker.ref()
    inFlight.set(id, next)
    try {
      worker.postMessage({ id, name: next.name, args: next.args } satisfies Request)
    } catch (error) {
      settle(id, (lost) => lost.reject(error))
    }
  }

  function startWorker(): Worker {
    const started = new Worker(options.workerPath, {
      workerData: options.settings,
      execArgv: [],
      name: 'corral-db',
    })
    started.unref()
    started.on('message', (answer: Answer) => {
      settle(answer.id, (call) =>
        answer.ok ? call.resolve(answer.value) : call.reject(restoreError(answer.error)),
      )
    })
    started.on('error', (cause) => forget(started, cause))
    started.on('exit', (code) => forget(started, new Error(`exit code ${code}`)))
    return started
  }

  function forget(lost: Worker, cause: unknown): void {
    if (worker !== lost) return
    worker = null
    for (const id of [...inFlight.keys()]) {
      settle(id, (call) => call.reject(crashed(cause)))
    }
  }

  function settle(id: number, end: (call: Call) => void): void {
    const call = inFlight.get(id)
    if (call === undefined) return
    inFlight.delete(id)
    end(call)
    sendNext()
    if (inFlight.size > 0) return
    worker?.unref()
    drained?.()
  }

  /** Waits for the calls that are open, closes the database, ends the thread. */
  function close(): Promise<void> {
    closing ??= drainAndEnd()
    return closing
  }

  async function drainAndEnd(): Promise<void> {
    if (inFlight.size > 0) {
      await new Promise<void>((resolve) => {
        drained = resolve
      })
    }
    const last = worker
    if (last === null) return
    await enqueue('close', []).catch(() => {})
    worker = null
    await last.terminate()
  }

  return { call, close }
}

function restoreError(error: CrossingError): Error {
  if (error.kind === 'corral') {
    const cause = error.cause === null ? undefined : new Error(error.cause)
    return new CorralError(error.code, { params: error.params, cause })
  }
  const restored = new Error(error.message)
  restored.name = error.name
  return restored
}

function closed(): CorralError {
  return new CorralError('db.unreachable', { params: { problem: 'it was closed' } })
}

function overloaded(): CorralError {
  return new CorralError('db.unreachable', { params: { problem: 'too many calls wait for it' } })
}

function crashed(cause: unknown): CorralError {
  return new CorralError('db.unreachable', { params: { problem: 'its worker stopped' }, cause })
}
