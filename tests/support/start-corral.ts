import path from 'node:path'
import { type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { createBackend, listBackends, removeBackend } from '@/lib/admin/backends'
import { createKey, type KeyFields } from '@/lib/admin/keys'
import { openControlPlane } from '@/lib/admin/open-control-plane'
import { updateSettings } from '@/lib/admin/settings'
import { readEnv } from '@/lib/core/env'
import type { Settings } from '@/lib/schemas/settings'
import { ensureBuilt } from './ensure-built'
import { type CorralProcess, removeDataFolder, startCorralProcess } from './start-corral-process'
import { waitFor } from './wait-for'

const root = path.resolve(import.meta.dirname, '../..')
/** As `npm start` and `next start` run what is built. */
const doors = {
  server: ['dist/server.mjs'],
  next: ['node_modules/next/dist/bin/next', 'start'],
} as const
export type DoorName = keyof typeof doors

export type Corral = CorralProcess & {
  /** For the verbs of lib/admin: what the command line has. */
  context: AdminContext
  addKey(fields?: KeyFields): Promise<string>
  /** Exactly these backends from now on, named `gpu-1`, `gpu-2`, …; waits until they are healthy. */
  replaceBackends(urls: readonly string[]): Promise<void>
  /** Waits until the catalogue of its backends has these models. */
  untilKnown(models: readonly string[]): Promise<void>
  /** As `npm start` is ended: SIGTERM, then what is held is written. Removes the data folder. */
  stop(): Promise<void>
}

/** A whole Corral behind one of its doors, its backends healthy. */
export async function startCorral(options: {
  door: DoorName
  backends: readonly string[]
  env?: Record<string, string>
  settings?: Partial<Settings>
}): Promise<Corral> {
  await ensureBuilt()
  const env = {
    OLLAMA_HOST: options.backends.join(','),
    RATE_LIMIT_REQUESTS: '0',
    LOG_FORMAT: 'json',
    ...options.env,
  }
  const command = doors[options.door]
  const corral = await startCorralProcess({ command, workingFolder: root, env })
  const { url, key, dataFolder } = corral
  try {
    const source = { CORRAL_DATA: dataFolder, ...env }
    const context = await openControlPlane(commandLineOperator, readEnv(source))
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
      ...corral,
      context,
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
        corral.signal('SIGTERM')
        const timer = setTimeout(() => corral.signal('SIGKILL'), stopWithinMs)
        await corral.exited
        clearTimeout(timer)
        await context.close()
        removeDataFolder(dataFolder)
      },
    }
  } catch (error) {
    await corral.kill()
    removeDataFolder(dataFolder)
    throw new Error(`Corral did not start:\n${corral.output()}`, { cause: error })
  }
}

const stopWithinMs = 10_000
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
