import { ensureFirstRun, type FirstRunResult } from '@/lib/admin/ensure-first-run'
import { systemClock } from '@/lib/core/clock'
import type { Env } from '@/lib/core/env'
import { isCorralError } from '@/lib/core/errors'
import { deriveSealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import { StartError } from '@/lib/core/start-error'
import { openDatabase } from '@/lib/db/open-database'
import type { Gateway } from '@/lib/gateway/gateway'
import { startGateway } from '@/lib/gateway/start-gateway'
import { settingDefaultsFromEnv } from '@/lib/settings/seed-settings-from-env'
import packageFile from '../package.json' with { type: 'json' }

export type Booted = { gateway: Gateway; firstRun: FirstRunResult; stop(): Promise<void> }

/**
 * What both doors need before the first request: secrets, a migrated database, the first run,
 * and the gateway's duties. Throws StartError with what a person can do about it.
 */
export async function boot(env: Env): Promise<Booted> {
  const { secret } = loadOrMakeSecrets({ dataFolder: env.dataFolder, env })
  const sealKey = deriveSealKey(secret)
  const database = await openDatabase({ url: env.databaseUrl }).catch(refuseStart)
  try {
    await database.migrate()
    const firstRun = await ensureFirstRun({
      database,
      clock: systemClock,
      sealKey,
      env,
      signal: AbortSignal.timeout(30_000),
    })
    const started = await startGateway({
      database,
      sealKey,
      dataFolder: env.dataFolder,
      trustedProxies: env.trustedProxies,
      defaults: settingDefaultsFromEnv(env),
      version: packageFile.version,
      role: env.role === 'gateway' ? 'gateway' : 'all',
    })
    return {
      gateway: started.gateway,
      firstRun,
      async stop() {
        await started.stop()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    return refuseStart(error)
  }
}

function refuseStart(error: unknown): never {
  if (isCorralError(error)) throw new StartError(error.message, { cause: error })
  throw error
}
