import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { createBackend, listBackends, removeBackend } from '@/lib/admin/backends'
import { createKey, type KeyFields } from '@/lib/admin/keys'
import { updateSettings } from '@/lib/admin/settings'
import { systemClock } from '@/lib/core/clock'
import { readEnv } from '@/lib/core/env'
import { deriveSealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import { openDatabase } from '@/lib/db/open-database'
import type { Settings } from '@/lib/schemas/settings'
import { ensureBuilt } from './ensure-built'
import { findFreePort } from './find-free-port'
import { waitFor } from './wait-for'

export type DoorName = 'server' | 'next'

export type Corral = {
  url: string
  port: number
  /** The first key: an admin's, with the four permissions of clients. */
  key: string
  dataFolder: string
  /** For the verbs of lib/admin: what the command line has. */
  context: AdminContext
  process: ChildProcess
  /** What the process wrote to both outputs so far. */
  output(): string
  addKey(fields?: KeyFields): Promise<string>
  /** Exactly these backends from now on, named `gpu-1`, `gpu-2`, …; waits until they are healthy. */
  replaceBackends(urls: readonly string[]): Promise<void>
  /** Waits until the catalogue of its backends has these models. */
  untilKnown(models: readonly string[]): Promise<void>
  /** As `npm start` is ended: SIGTERM, then what is held is written. */
  stop(): Promise<void>
  /** `kill -9`: the data folder stays until `stop`. */
  kill(): Promise<void>
}

/** A whole Corral as a child process, as `npm start` (`server`) or `next start` (`next`) run it. */
export async function startCorral(options: {
  door: DoorName
  backends: readonly string[]
  env?: Record<string, string>
  settings?: Partial<Settings>
}): Promise<Corral> {
  await ensureBuilt()
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'corral-door-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const given = {
    CORRAL_DATA: dataFolder,
    HOST: '127.0.0.1',
    PORT: String(port),
    OLLAMA_HOST: options.backends.join(','),
    RATE_LIMIT_REQUESTS: '0',
    LOG_FORMAT: 'json',
    ...options.env,
  }
  const { child, output } = spawnDoor(options.door, given)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  try {
    await waitFor(() => answersHealthz(child, url, output), { timeoutMs: 60_000, what: 'Corral' })
    const context = await openContext(given)
    const key = await readFirstKey(dataFolder)
    if (options.settings) await updateSettings(context, options.settings)
    const untilHealthy = (names: number) =>
      waitFor(async () => (await healthyBackends(url, key)) === names, {
        what: 'every backend',
        timeoutMs: 30_000,
      })
    const replaceBackends = async (urls: readonly string[]) => {
      for (const { name } of await listBackends(context)) await removeBackend(context, name)
      await untilHealthy(0)
      for (const [index, backend] of urls.entries()) {
        await createBackend(context, { name: `gpu-${index + 1}`, url: backend })
      }
      await untilHealthy(urls.length)
    }
    // Without an address of its own a start would look for a server on this machine.
    if (options.backends.length === 0) await replaceBackends([])
    else await untilHealthy(options.backends.length)
    return {
      url,
      port,
      key,
      dataFolder,
      context,
      process: child,
      output,
      async addKey(fields = {}) {
        const name = `key-${Math.random()}`
        const { token } = await createKey(context, { owner: 'admin', name, ...fields })
        return token
      },
      replaceBackends,
      untilKnown: (models) =>
        waitFor(async () => includesAll(await knownModels(url, key), models), {
          what: models.join(', '),
          timeoutMs: 30_000,
        }),
      async stop() {
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
        await ended
        clearTimeout(timer)
        await context.close()
        await rm(dataFolder, { recursive: true, force: true })
      },
      async kill() {
        child.kill('SIGKILL')
        await ended
      },
    }
  } catch (error) {
    child.kill('SIGKILL')
    await ended
    await rm(dataFolder, { recursive: true, force: true })
    throw new Error(`Corral did not start:\n${output()}`, { cause: error })
  }
}

const root = path.resolve(import.meta.dirname, '../..')
const outputCharsMax = 4_000_000

function spawnDoor(
  door: DoorName,
  given: Record<string, string>,
): { child: ChildProcess; output(): string } {
  const next = ['node_modules/next/dist/bin/next', 'start', '-p', given.PORT ?? '0']
  const command = door === 'server' ? ['dist/server.mjs'] : next
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { PATH, HOME, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...given },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const keep = (bytes: Buffer) => {
    text = (text + bytes.toString('utf8')).slice(-outputCharsMax)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return { child, output: () => text }
}

async function answersHealthz(
  child: ChildProcess,
  url: string,
  output: () => string,
): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output()}`)
  const answer = await fetch(`${url}/healthz`).catch(() => null)
  await answer?.arrayBuffer()
  return answer?.status === 200
}

const usable: ReadonlySet<string> = new Set(['healthy', 'degraded'])

async function healthyBackends(url: string, key: string): Promise<number> {
  const answer = await fetch(`${url}/health`, { headers: { authorization: `Bearer ${key}` } })
  const body = (await answer.json()) as { servers?: Record<string, { status: string }> }
  const all = Object.values(body.servers ?? {})
  return all.every(({ status }) => usable.has(status)) ? all.length : -1
}

async function knownModels(url: string, key: string): Promise<string[]> {
  const answer = await fetch(`${url}/test`, { headers: { authorization: `Bearer ${key}` } })
  const body = (await answer.json()) as { models?: string[] }
  return body.models ?? []
}

function includesAll(known: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((each) => known.includes(each))
}

async function openContext(
  given: Record<string, string>,
): Promise<AdminContext & { close(): Promise<void> }> {
  const env = readEnv(given)
  const database = await openDatabase({ url: env.databaseUrl })
  const { secret } = loadOrMakeSecrets({ dataFolder: env.dataFolder, env })
  return {
    database,
    actor: commandLineOperator,
    clock: systemClock,
    sealKey: deriveSealKey(secret),
    close: () => database.close(),
  }
}

async function readFirstKey(dataFolder: string): Promise<string> {
  const text = await readFile(path.join(dataFolder, 'first-run.txt'), 'utf8')
  const key = /op_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}/.exec(text)?.[0]
  if (!key) throw new Error('first-run.txt holds no key')
  return key
}
