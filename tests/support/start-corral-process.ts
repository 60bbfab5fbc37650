import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findFreePort } from './find-free-port'
import { waitFor } from './wait-for'

export type CorralProcess = {
  url: string
  port: number
  pid: number
  /** The first key of this data folder's first start: an admin's, with the permissions of clients. */
  key: string
  /** The admin's first one, or that the environment gave it. */
  password: string
  dataFolder: string
  /** What it has written to standard output and standard error so far. */
  output(): string
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  signal(signal: NodeJS.Signals): void
  /** Ends it at once when it still runs; leaves the data folder. */
  kill(): Promise<void>
}

export type CorralProcessOptions = {
  /** The program and its arguments; `server.mjs` of `buildPrograms`, or a door of `startCorral`. */
  command: readonly string[]
  env?: Record<string, string>
  dataFolder?: string
  /** Where it listens, of loopback; `HOST` where it is another than 127.0.0.1. */
  host?: string
  /** Another folder than a new one of its own, where `.env` is looked for. */
  workingFolder?: string
  /** One whose database it shares, so that nothing is made at its start: the key is that one's. */
  joins?: Pick<CorralProcess, 'key' | 'password'>
}

/**
 * Corral as a process of its own on a free port of loopback, ready to answer; without a console
 * unless `env` names another role, since Next takes a second of processor to start.
 */
export async function startCorralProcess(options: CorralProcessOptions): Promise<CorralProcess> {
  const { host = '127.0.0.1', dataFolder = createDataFolder() } = options
  const port = await findFreePort()
  const child = spawn(process.execPath, options.command, {
    cwd: options.workingFolder ?? dataFolder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: dataFolder,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      HOST: host,
      PORT: String(port),
      CORRAL_DATA: dataFolder,
      CORRAL_ROLE: 'gateway',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = keepOutput(child)
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const url = `http://${host}:${port}`
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  const isUp = async () => {
    if (child.exitCode !== null) throw new Error(`Corral ended at its start:\n${output()}`)
    const status = await statusOf(url)
    return status !== null && status !== 503
  }
  try {
    await waitFor(isUp, { timeoutMs: 60_000, what: 'the start of Corral' })
    const { key, password } = options.joins ?? (await readFirstRun(dataFolder))
    return {
      url,
      port,
      pid: child.pid ?? 0,
      key,
      password,
      dataFolder,
      output,
      exited,
      signal: (signal) => child.kill(signal),
      kill,
    }
  } catch (error) {
    await kill()
    if (options.dataFolder === undefined) removeDataFolder(dataFolder)
    throw error
  }
}

export function createDataFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'corral-data-'))
}

export function removeDataFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/** The status of a GET, or null when nobody answers. */
export async function statusOf(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  }
}

const outputCharsMax = 20_000_000

function keepOutput(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      text = (text + more).slice(-outputCharsMax)
    })
  }
  return () => text
}

async function readFirstRun(dataFolder: string): Promise<{ key: string; password: string }> {
  const file = path.join(dataFolder, 'first-run.txt')
  await waitFor(() => existsSync(file), { what: file })
  const text = readFileSync(file, 'utf8')
  const find = (pattern: RegExp) => {
    const found = pattern.exec(text)?.[1]
    if (!found) throw new Error(`${file} has no ${pattern}`)
    return found
  }
  return { key: find(/First key\s+(\S+)/), password: find(/Password\s+(.+)/) }
}
