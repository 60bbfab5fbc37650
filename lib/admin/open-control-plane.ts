import { existsSync } from 'node:fs'
import { systemClock } from '@/lib/core/clock'
import { type Env, readEnv } from '@/lib/core/env'
import { deriveSealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import { StartError } from '@/lib/core/start-error'
import { openDatabase } from '@/lib/db/open-database'
import type { Actor, AdminContext } from './actor'

/**
 * The database of an environment, for a caller outside the server: the command line. Migrates
 * it under the lock. Throws StartError where Corral has never run, and makes nothing there.
 */
export async function openControlPlane(
  actor: Actor,
  env: Env = readEnv(),
): Promise<AdminContext & { close(): Promise<void> }> {
  const file = env.databaseUrl.startsWith('file:') ? env.databaseUrl.slice('file:'.length) : null
  if (file !== null && !existsSync(file)) throw neverRan(`there is no database at ${file}`)
  const database = await openDatabase({ url: env.databaseUrl })
  try {
    await database.migrate()
    if ((await database.countUsers()) === 0) throw neverRan('its database is empty')
    const { secret } = loadOrMakeSecrets({ dataFolder: env.dataFolder, env })
    const sealKey = deriveSealKey(secret)
    return { database, actor, clock: systemClock, sealKey, close: () => database.close() }
  } catch (error) {
    await database.close()
    throw error
  }
}

function neverRan(reason: string): StartError {
  return new StartError(`Corral has not run here yet: ${reason}. Start it once with "npm start".`)
}
