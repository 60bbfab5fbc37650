import type { Env } from '@/lib/core/env'
import type { EnvName } from '@/lib/schemas/env'
import type { SettingName } from '@/lib/schemas/settings'

/** Settings about which the environment has a say. */
export type EnvironmentSettings = {
  /** The environment wins: what is stored counts for nothing. A secret is `set`. */
  owned: { name: SettingName; variable: EnvName; value: string }[]
  /** Holds until the setting is stored. */
  defaults: { name: SettingName; variable: EnvName; value: string }[]
}

export function settingsOfEnvironment({
  oidc,
  logLevel,
}: Pick<Env, 'oidc' | 'logLevel'>): EnvironmentSettings {
  return {
    owned:
      oidc === null
        ? []
        : [
            { name: 'oidcIssuer', variable: 'AUTH_OIDC_ISSUER', value: oidc.issuer },
            { name: 'oidcClientId', variable: 'AUTH_OIDC_CLIENT_ID', value: oidc.clientId },
            { name: 'oidcClientSecret', variable: 'AUTH_OIDC_CLIENT_SECRET', value: 'set' },
          ],
    defaults: [{ name: 'logLevel', variable: 'LOG_LEVEL', value: logLevel }],
  }
}
