import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { ensureFirstRun, type FirstRunResult } from '@/lib/admin/ensure-first-run'
import { systemClock } from '@/lib/core/clock'
import type { Env } from '@/lib/core/env'
import { isCorralError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { log } from '@/lib/core/log'
import { deriveSealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import { StartError } from '@/lib/core/start-error'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { parseSettings } from '@/lib/settings/parse-settings'
import { settingDefaultsFromEnv } from '@/lib/settings/seed-settings-from-env'
import packageFile from '../package.json' with { type: 'json' }

export type BootedConsole = {
  firstRun: FirstRunResult
  settings: { gatewayUrl(): string }
  stop(): Promise<void>
}

const followEveryMs = 1000

/**
 * What a console on its own needs before the first request: the same secrets and database as the
 * gateways, and the settings of the moment. Says once a second that it is there.
 */
export async function bootConsole(env: Env): Promise<BootedConsole> {
  const { secret } = loadOrMakeSecrets({ dataFolder: env.dataFolder, env })
  const sealKey = deriveSealKey(secret)
  const database = await openDatabase({ url: env.databaseUrl }).catch(refuseStart)
  try {
    await database.migrate()
    const signal = AbortSignal.timeout(30_000)
    const firstRun = await ensureFirstRun({ database, clock: systemClock, sealKey, env, signal })
    const following = await followSettings(database, env)
    return {
      firstRun,
      settings: following,
      async stop() {
        await following.stop()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    return refuseStart(error)
  }
}

async function followSettings(database: Database, env: Env) {
  const abort = new AbortController()
  const defaults = settingDefaultsFromEnv(env)
  const node = { id: `${hostname()}-console-${newId()}`, startedAtMs: Date.now() }
  let revision = -1
  let gatewayUrl = ''
  const look = async () => {
    const { config } = await database.readRevision()
    if (config !== revision) {
      gatewayUrl = parseSettings(await database.readSettings(), defaults).publicGatewayUrl
      revision = config
    }
    await database.writeNodeReport({ ...node, ...idle, seenAtMs: Date.now() })
  }
  await look()
  const follow = async () => {
    while (!abort.signal.aborted) {
      await wait(followEveryMs, undefined, { signal: abort.signal }).catch(() => {})
      if (abort.signal.aborted) return
      await look().catch((error) => log.debug({ err: error }, 'the settings could not be read'))
    }
  }
  const stopped = follow()
  return {
    gatewayUrl: () => gatewayUrl,
    stop() {
      abort.abort()
      return stopped
    },
  }
}

const idle = {
  role: 'console',
  version: packageFile.version,
  inFlight: 0,
  journalLagRecords: 0,
  eventLoopDelayMs: 0,
  backends: [],
} as const satisfies Partial<Parameters<Database['writeNodeReport']>[0]>

function refuseStart(error: unknown): never {
  if (isCorralError(error)) throw new StartError(error.message, { cause: error })
  throw error
}
