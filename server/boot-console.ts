import { hostname } from 'node:os'
import type { FirstRunResult } from '@/lib/admin/ensure-first-run'
import type { Env } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { log } from '@/lib/core/log'
import { waitUnlessAborted } from '@/lib/core/wait-unless-aborted'
import type { Database } from '@/lib/db/contract'
import { parseSettings } from '@/lib/settings/parse-settings'
import { settingDefaultsFromEnv } from '@/lib/settings/seed-settings-from-env'
import packageFile from '../package.json' with { type: 'json' }
import { prepareData } from './prepare-data'

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
export function bootConsole(env: Env): Promise<BootedConsole> {
  return prepareData(env, async ({ database, firstRun }) => {
    const following = await followSettings(database, env)
    return { firstRun, settings: following, stop: following.stop }
  })
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
    while (await waitUnlessAborted(followEveryMs, abort.signal)) {
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
