import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { type EnvName, type EnvValues, envDefinitions, envNames } from '@/lib/schemas/env'
import { parseOllamaHost } from './ollama-host'
import { StartError } from './start-error'

/** What the environment says, parsed: names in docs/configuration.md. Never logged whole. */
export type Env = {
  host: string
  port: number
  trustedProxies: string[]
  role: 'all' | 'gateway' | 'console'
  /** Absolute. */
  dataFolder: string
  /** `file:` with an absolute path, or `postgresql://…`. */
  databaseUrl: string
  secret: string | null
  adminUser: string
  adminPassword: string | null
  /** The OpenID provider of the console; null leaves it to the settings. */
  oidc: { issuer: string; clientId: string; clientSecret: string } | null
  logLevel: NonNullable<EnvValues['LOG_LEVEL']>
  logFormat: NonNullable<EnvValues['LOG_FORMAT']>
  logDestination: string
  /** Base URLs: of OLLAMA_HOST and OLLAMA_SERVERS, else this machine's own. */
  ollamaServers: string[]
  allowedNetworks: string[]
  deniedNetworks: string[]
  rateLimitRequests: number | null
  rateLimitWindowMinutes: number | null
  ollamaOrigins: string[]
}
export type EnvSource = Record<string, string | undefined>

/**
 * Reads the environment, and without an argument `.env` in the working folder under it (the
 * environment wins). An empty variable is an absent one. Throws StartError with a sentence for
 * each variable that is wrong.
 */
export function readEnv(source: EnvSource = readProcessEnv()): Env {
  const { values, problems } = parseValues(source)
  if (problems.length > 0) throw new StartError(problems)
  const dataFolder = path.resolve(/* turbopackIgnore: true */ values.CORRAL_DATA ?? 'data')
  return {
    host: values.HOST ?? '0.0.0.0',
    port: values.PORT ?? 8080,
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    role: values.CORRAL_ROLE ?? 'all',
    dataFolder,
    databaseUrl: absoluteDatabaseUrl(values.DATABASE_URL, dataFolder),
    secret: values.CORRAL_SECRET ?? null,
    adminUser: values.ADMIN_USER ?? 'admin',
    adminPassword: values.ADMIN_PASSWORD ?? null,
    oidc: readOidc(values),
    logLevel: values.LOG_LEVEL ?? 'info',
    logFormat: values.LOG_FORMAT ?? 'auto',
    logDestination: values.LOG_DESTINATION ?? 'stdout',
    ollamaServers: listOllamaServers(source, values),
    allowedNetworks: values.ALLOWED_IPS ?? [],
    deniedNetworks: values.DENIED_IPS ?? [],
    rateLimitRequests: values.RATE_LIMIT_REQUESTS ?? null,
    rateLimitWindowMinutes: values.RATE_LIMIT_WINDOW_MINUTES ?? null,
    ollamaOrigins: values.OLLAMA_ORIGINS ?? [],
  }
}

/** The process's own environment, for handing on to a child process as it is. */
export function readProcessEnv(): EnvSource {
  return { ...readDotEnv(), ...withoutEmpty(process.env) }
}

function readDotEnv(): EnvSource {
  try {
    return parseEnv(readFileSync('.env', 'utf8'))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {}
    throw new StartError('The file .env cannot be read.', { cause })
  }
}

function withoutEmpty(source: EnvSource): EnvSource {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
}

function parseValues(source: EnvSource): { values: Partial<EnvValues>; problems: string[] } {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const name of envNames) {
    const definition = envDefinitions[name]
    const given = findGiven(source, name)
    const text = given?.text ?? definition.default
    if (text === null) continue
    const parsed = definition.schema.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else
      for (const issue of parsed.error.issues)
        problems.push(`${given?.name ?? name} ${issue.message}.`)
  }
  // Every value came out of the schema of its own name.
  return { values: values as Partial<EnvValues>, problems }
}

/** All three, or none. */
function readOidc(values: Partial<EnvValues>): Env['oidc'] {
  const names = ['AUTH_OIDC_ISSUER', 'AUTH_OIDC_CLIENT_ID', 'AUTH_OIDC_CLIENT_SECRET'] as const
  const [issuer, clientId, clientSecret] = names.map((name) => values[name])
  if (issuer && clientId && clientSecret) return { issuer, clientId, clientSecret }
  const given = names.filter((name) => values[name])
  if (given.length === 0) return null
  const missing = names.filter((name) => !values[name])
  throw new StartError(`${given.join(' and ')} needs ${missing.join(' and ')} beside it.`)
}

function findGiven(source: EnvSource, name: EnvName): { name: string; text: string } | null {
  const definition = envDefinitions[name]
  const names = 'also' in definition && definition.also ? [name, definition.also] : [name]
  for (const each of names) {
    const text = source[each]?.trim()
    if (text) return { name: each, text }
  }
  return null
}

function absoluteDatabaseUrl(url: string | undefined, dataFolder: string): string {
  if (url === undefined) return `file:${path.join(dataFolder, 'corral.db')}`
  if (!url.startsWith('file:')) return url
  const plain = url.slice('file:'.length).replace(/^\/\/(?=\/)/, '')
  return `file:${path.resolve(plain)}`
}

/** OLLAMA_SERVERS alone is enough: then this machine's own server is not added unasked. */
function listOllamaServers(source: EnvSource, values: Partial<EnvValues>): string[] {
  const more = values.OLLAMA_SERVERS ?? []
  const hosts = findGiven(source, 'OLLAMA_HOST') || more.length === 0 ? values.OLLAMA_HOST : []
  return [...new Set([...(hosts ?? []), ...more].map(parseOllamaHost))]
}
