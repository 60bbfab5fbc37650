import path from 'node:path'
import { ensureFirstRun, type FirstRunResult } from '@/lib/admin/ensure-first-run'
import { systemClock } from '@/lib/core/clock'
import type { Env } from '@/lib/core/env'
import { isCorralError } from '@/lib/core/errors'
import { deriveSealKey, type SealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import { StartError } from '@/lib/core/start-error'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'

export type PreparedData = { database: Database; sealKey: SealKey; firstRun: FirstRunResult }

/**
 * Secrets, a migrated database and the first run, then what `use` makes of them. Where that fails
 * the database is closed again. Throws StartError with what a person can do about it.
 */
export async function prepareData<T extends { stop(): Promise<void> }>(
  env: Env,
  use: (data: PreparedData) => Promise<T>,
): Promise<T> {
  const findSecret = () => loadOrMakeSecrets({ dataFolder: env.dataFolder, env }).secret
  // Beside the secret the database needs the folder; elsewhere it comes first, or a start that it
  // refuses would leave a folder and a secret behind.
  if (liesInDataFolder(env)) findSecret()
  const database = await openDatabase({ url: env.databaseUrl }).catch(refuseStart)
  try {
    await database.migrate()
    const sealKey = deriveSealKey(findSecret())
    const signal = AbortSignal.timeout(30_000)
    const firstRun = await ensureFirstRun({ database, clock: systemClock, sealKey, env, signal })
    const used = await use({ database, sealKey, firstRun })
    return {
      ...used,
      async stop() {
        await used.stop()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    return refuseStart(error)
  }
}

function liesInDataFolder({ databaseUrl, dataFolder }: Env): boolean {
  return databaseUrl.startsWith(`file:${dataFolder}${path.sep}`)
}

function refuseStart(error: unknown): never {
  if (isCorralError(error)) throw new StartError(error.message, { cause: error })
  throw error
}
