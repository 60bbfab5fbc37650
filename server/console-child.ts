import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { setPriority, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readProcessEnv } from '@/lib/core/env'
import { log } from '@/lib/core/log'

/** Next in a process of its own: rendering a page, or its crash, never stops a stream. */
export type ConsoleChild = {
  /** Where it listens, or null while it starts. */
  address(): string | null
  stop(): Promise<void>
}

/** Of 19; streams get three times the share of a console that is as busy. */
const consoleNiceness = 5
const restartAfterMs = [500, 1000, 2000, 5000, 10_000]

/** `port` is the server's own. */
export function startConsole({ port }: { port: number }): ConsoleChild {
  const program = fileURLToPath(new URL('./console.mjs', import.meta.url))
  const environment = readProcessEnv()
  const mode = environment.NODE_ENV === 'development' ? 'development' : 'production'
  const folder = mkdtempSync(path.join(tmpdir(), 'corral-'))
  const socket =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\${path.basename(folder)}`
      : path.join(folder, 'console.sock')
  let child: ChildProcess | null = null
  let ready = false
  let stopping = false
  let crashes = 0
  let timer: NodeJS.Timeout | undefined

  const start = () => {
    // A child that was killed leaves its socket's name behind, and the next could not take it.
    if (process.platform !== 'win32') rmSync(socket, { force: true })
    child = fork(program, [socket, mode, String(port)], {
      env: { ...environment, NODE_ENV: mode, CORRAL_ROLE: 'console' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    yieldToStreams(child)
    child.once('message', () => {
      ready = true
    })
    child.once('exit', (code, signal) => {
      ready = false
      if (stopping) return
      const afterMs = restartAfterMs[Math.min(crashes, restartAfterMs.length - 1)]
      crashes += 1
      log.error({ code, signal, afterMs }, 'the console stopped: it is started again')
      timer = setTimeout(start, afterMs)
    })
  }

  start()
  return {
    address: () => (ready ? socket : null),
    async stop() {
      stopping = true
      clearTimeout(timer)
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Where processors are short, a chunk of a stream goes before a page. */
function yieldToStreams({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    setPriority(pid, consoleNiceness)
  } catch (error) {
    // It ended at once, or a sandbox forbids it: pages are drawn all the same.
    log.debug({ err: error }, 'the console keeps the priority of the server')
  }
}

/** A console holds nothing that could be lost: it gets a moment to leave, no more. */
function ended(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
