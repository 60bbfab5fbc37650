/** Settings that act in the console: knobs.test.ts of this folder shows that each does. */
export const consoleSettingNames = [
  'publicGatewayUrl',
  'oidcIssuer',
  'oidcClientId',
  'oidcClientSecret',
  'oidcDomains',
  'oidcRoleClaim',
  'oidcRoles',
  'oidcDefaultRole',
  'brandTitle',
  'brandLogo',
  'brandAccent',
] as const
export type ConsoleSettingName = (typeof consoleSettingNames)[number]

/** Variables of the environment that act there. */
export const consoleEnvNames = [
  'AUTH_OIDC_ISSUER',
  'AUTH_OIDC_CLIENT_ID',
  'AUTH_OIDC_CLIENT_SECRET',
] as const
export type ConsoleEnvName = (typeof consoleEnvNames)[number]
