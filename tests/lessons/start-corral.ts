import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findFreePort } from '../support/find-free-port'
import { waitFor } from '../support/wait-for'

export type CorralProcess = {
  url: string
  port: number
  pid: number
  /** The first key, and the admin's first password, of this data folder's first start. */
  key: string
  password: string
  dataFolder: string
  /** Everything it has written to standard output and standard error so far. */
  output(): string
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  signal(signal: NodeJS.Signals): void
  /** Ends it at once when it still runs; leaves the data folder. */
  kill(): Promise<void>
}

export type CorralOptions = {
  /** The program and its arguments; `server.mjs` of `buildPrograms`, or Next's own. */
  command: string[]
  env?: Record<string, string>
  dataFolder?: string
  /** Where it listens, of loopback; `HOST` where it is another than 127.0.0.1. */
  host?: string
  /** Another folder than a new one of its own, where `.env` is looked for. */
  workingFolder?: string
}

/** Corral as a process of its own on a free port of loopback, ready to answer. */
export async function startCorral(options: CorralOptions): Promise<CorralProcess> {
  const dataFolder = options.dataFolder ?? createDataFolder()
  const port = await findFreePort()
  const { host = '127.0.0.1' } = options
  const child = spawn(process.execPath, options.command, {
    cwd: options.workingFolder ?? dataFolder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: dataFolder,
      NODE_ENV: 'production',
      HOST: host,
      PORT: String(port),
      CORRAL_DATA: dataFolder,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const url = `http://${host}:${port}`
  const isUp = async () => {
    if (child.exitCode !== null) throw new Error(`Corral ended at its start:\n${output()}`)
    return (await statusOf(`${url}/healthz`)) === 200
  }
  await waitFor(isUp, { timeoutMs: 30_000, what: 'the start of Corral' })
  const firstRunFile = path.join(dataFolder, 'first-run.txt')
  await waitFor(() => existsSync(firstRunFile), { what: firstRunFile })
  const firstRun = readFileSync(firstRunFile, 'utf8')
  return {
    url,
    port,
    pid: child.pid ?? 0,
    key: /First key\s+(\S+)/.exec(firstRun)?.[1] ?? '',
    password: /Password\s+(.+)/.exec(firstRun)?.[1] ?? '',
    dataFolder,
    output,
    exited,
    signal: (signal) => child.kill(signal),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

export function createDataFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'corral-lessons-'))
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

function collect(child: ChildProcess): () => string {
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}
