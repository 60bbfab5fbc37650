import type { Env } from '@/lib/core/env'
import type { Settings } from '@/lib/schemas/settings'
import { settingDefaults } from './parse-settings'

type Seeds = Pick<Env, 'rateLimitRequests' | 'rateLimitWindowMinutes' | 'ollamaOrigins'>

/** What the first start stores because the environment says so (L6); only what was named. */
export function seedSettingsFromEnv(env: Seeds): Partial<Settings> {
  return {
    ...(env.rateLimitRequests !== null && { rateLimitRequests: env.rateLimitRequests }),
    ...(env.rateLimitWindowMinutes !== null && {
      rateLimitWindowSeconds: env.rateLimitWindowMinutes * 60,
    }),
    ...(env.ollamaOrigins.length > 0 && {
      corsOrigins: [...new Set([...settingDefaults.corsOrigins, ...env.ollamaOrigins])],
    }),
  }
}

/** Defaults in which LOG_LEVEL holds until the setting `logLevel` is stored. */
export function settingDefaultsFromEnv(env: Pick<Env, 'logLevel'>): Settings {
  return { ...settingDefaults, logLevel: env.logLevel }
}
