import { createSignInLimit, type SignInLimit } from '@/lib/auth/sign-in-limit'
import { type Clock, systemClock } from '@/lib/core/clock'
import { readEnv } from '@/lib/core/env'
import { processState } from '@/lib/core/process-state'
import { deriveSealKey, deriveSessionSecret, openSecret, type SealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import type { Settings } from '@/lib/schemas/settings'
import { parseSettings } from '@/lib/settings/parse-settings'
import { settingDefaultsFromEnv } from '@/lib/settings/seed-settings-from-env'
import { type EnvironmentSettings, settingsOfEnvironment } from './settings-of-environment'

/** What the pages of a process stand on: a database of their own, and what sign-in needs. */
export type Console = {
  database: Database
  clock: Clock
  sealKey: SealKey
  /** Session cookies are made under it: another CORRAL_SECRET ends every session. */
  sessionSecret: string
  limit: SignInLimit
  readSettings(): Promise<Settings>
  /** The OpenID provider of the environment, else of the settings; null where there is none. */
  findOidcProvider(): Promise<OidcProvider | null>
  /** What the settings page says about the environment. */
  environment: EnvironmentSettings
}
export type OidcProvider = { issuer: string; clientId: string; clientSecret: string }

/** Opens it with the first page and keeps it. The server has migrated before it starts pages. */
export function openConsole(): Promise<Console> {
  const state = processState<{ opening: Promise<Console> | null }>('console', () => ({
    opening: null,
  }))
  state.opening ??= open().catch((error) => {
    state.opening = null
    throw error
  })
  return state.opening
}

async function open(): Promise<Console> {
  const env = readEnv()
  const { secret } = loadOrMakeSecrets({ dataFolder: env.dataFolder, env })
  const sealKey = deriveSealKey(secret)
  const database = await openDatabase({ url: env.databaseUrl })
  const defaults = settingDefaultsFromEnv(env)
  const readSettings = async () => parseSettings(await database.readSettings(), defaults)
  return {
    database,
    clock: systemClock,
    sealKey,
    sessionSecret: deriveSessionSecret(secret),
    limit: createSignInLimit({ clock: systemClock }),
    readSettings,
    environment: settingsOfEnvironment(env),
    async findOidcProvider() {
      if (env.oidc !== null) return env.oidc
      const { oidcIssuer, oidcClientId, oidcClientSecret } = await readSettings()
      if (oidcIssuer === '' || oidcClientId === '' || oidcClientSecret === '') return null
      const clientSecret = openSecret(oidcClientSecret.sealed, sealKey)
      return { issuer: oidcIssuer, clientId: oidcClientId, clientSecret }
    },
  }
}
