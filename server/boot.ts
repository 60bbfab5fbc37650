import type { FirstRunResult } from '@/lib/admin/ensure-first-run'
import type { Env } from '@/lib/core/env'
import type { Gateway } from '@/lib/gateway/gateway'
import { startGateway } from '@/lib/gateway/start-gateway'
import { settingDefaultsFromEnv } from '@/lib/settings/seed-settings-from-env'
import packageFile from '../package.json' with { type: 'json' }
import { prepareData } from './prepare-data'

export type Booted = { gateway: Gateway; firstRun: FirstRunResult; stop(): Promise<void> }

/**
 * What both doors need before the first request: the data, and the gateway's duties.
 * Throws StartError with what a person can do about it.
 */
export function boot(env: Env): Promise<Booted> {
  return prepareData(env, async ({ database, sealKey, firstRun }) => {
    const { gateway, stop } = await startGateway({
      database,
      sealKey,
      dataFolder: env.dataFolder,
      trustedProxies: env.trustedProxies,
      defaults: settingDefaultsFromEnv(env),
      version: packageFile.version,
      role: env.role === 'gateway' ? 'gateway' : 'all',
    })
    return { gateway, firstRun, stop }
  })
}
