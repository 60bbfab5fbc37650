import { digestKeySecret, makeKeyToken, parseKeyToken } from '@/lib/auth/key-token'
import { hashPassword } from '@/lib/auth/password'
import type { Clock } from '@/lib/core/clock'
import type { Env } from '@/lib/core/env'
import { isCorralError } from '@/lib/core/errors'
import type { SealKey } from '@/lib/core/seal'
import { beginFirstRun, endFirstRun, type FirstRun, findFirstRun } from '@/lib/core/secrets'
import type { Database, User } from '@/lib/db/contract'
import { operationGroups } from '@/lib/schemas/names'
import { seedSettingsFromEnv } from '@/lib/settings/seed-settings-from-env'
import { type AdminContext, auditEntry } from './actor'
import { createAddressRule } from './address-rules'
import { createBackend } from './backends'
import { type BackendCheck, testBackend } from './check-backend'
import { createMemoryRule, defaultMemoryRules } from './memory-rules'
import { updateSettings } from './settings'

const findTimeoutMs = 2000
const auditRowsMax = 200

export type FirstRunResult = {
  /** What the caller shows once and then ends with `endFirstRun`; null when another start made it. */
  show: FirstRun | null
  /** What OLLAMA_HOST and OLLAMA_SERVERS named, asked just now; empty after the first start. */
  backends: BackendCheck[]
}

/**
 * Makes what a fresh database needs: the default frontend, memory patterns, backends, settings
 * and address rules that the environment names, the admin, the first key. Each step is made once
 * however often it is begun, so two starts at a time and a start that was killed half way end
 * with the same. After the first start it only looks. Throws CorralError and StartError.
 */
export async function ensureFirstRun(options: {
  database: Database
  clock: Clock
  sealKey: SealKey
  env: Env
  signal: AbortSignal
}): Promise<FirstRunResult> {
  const { database, env } = options
  await database.ensureDefaultFrontend()
  const begun = findFirstRun(env.dataFolder) !== null
  if (!begun && (await database.countUsers()) > 0) return { show: null, backends: [] }
  const makeToken = () => makeKeyToken().token
  const run = beginFirstRun({ dataFolder: env.dataFolder, env, makeKeyToken: makeToken })
  const first = readFirstKey(run.keyToken)
  const context: AdminContext = {
    database,
    clock: options.clock,
    sealKey: options.sealKey,
    actor: { kind: 'start', runId: first.prefix, via: 'start', address: null },
  }
  const admin = await claimFirstRun(context, run)
  if (admin === null) {
    endFirstRun({ dataFolder: env.dataFolder, text: '', show: () => {} })
    return { show: null, backends: [] }
  }
  for (const rule of defaultMemoryRules) await onlyOnce(createMemoryRule(context, rule))
  await seedFromEnv(context, env)
  const backends = await findBackends(context, options)
  await createFirstKey(context, { admin, ...first })
  return { show: run, backends }
}

/**
 * Whoever makes the admin makes the rest. The audit row says whose admin it is, so that a start
 * that goes on with what it had begun is told from one that another node was quicker than.
 */
async function claimFirstRun(context: AdminContext, run: FirstRun): Promise<User | null> {
  const { database, actor } = context
  const entry = auditEntry(actor, { action: 'user.create', kind: 'user', name: run.adminUser })
  try {
    const passwordHash = await hashPassword(run.adminPassword)
    const input = { name: run.adminUser, role: 'admin', active: true, rateLimit: null } as const
    return await database.createUser({ ...input, passwordHash, mustChangePassword: true }, entry)
  } catch (error) {
    if (!isCorralError(error) || error.code !== 'admin.already_exists') throw error
  }
  const rows = await database.listAudit({ limit: auditRowsMax })
  const isOurs = rows.some((row) => row.action === entry.action && row.actor === entry.actor)
  return isOurs ? database.findUserByName(run.adminUser) : null
}

async function seedFromEnv(context: AdminContext, env: Env): Promise<void> {
  const settings = seedSettingsFromEnv(env)
  if (Object.keys(settings).length > 0) await updateSettings(context, settings)
  const note = 'from the environment'
  for (const network of env.allowedNetworks) {
    await onlyOnce(createAddressRule(context, { effect: 'allow', network, note }))
  }
  for (const network of env.deniedNetworks) {
    await onlyOnce(createAddressRule(context, { effect: 'deny', network, note }))
  }
}

/** One that does not answer is kept: it is used when it appears. */
async function findBackends(
  context: AdminContext,
  { env, signal }: { env: Env; signal: AbortSignal },
): Promise<BackendCheck[]> {
  const named = nameBackends(env.ollamaServers)
  for (const { name, url } of named) await onlyOnce(createBackend(context, { name, url }))
  const common = { kind: 'ollama', credential: null, timeoutMs: findTimeoutMs } as const
  return Promise.all(
    named.map((one) => testBackend({ ...one, ...common, signal, clock: context.clock })),
  )
}

/** `local` for this machine, else the host's name; a port or a path where these do not tell. */
export function nameBackends(urls: readonly string[]): { name: string; url: string }[] {
  const taken = new Set<string>()
  return urls.map((url) => {
    const { hostname, port, pathname } = new URL(url)
    const host = hostname.replace(/^\[|\]$/g, '')
    const short = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host) ? 'local' : host
    const path = pathname.split('/').filter((part) => part !== '')
    const long = [short, port, ...path].filter((part) => part !== '').join('-')
    const name = [short, long, `${long}-${taken.size + 1}`].find((one) => !taken.has(one)) ?? long
    taken.add(name)
    return { name, url }
  })
}

function readFirstKey(keyToken: string): { prefix: string; digest: string } {
  const parts = parseKeyToken(keyToken)
  if (parts === null) throw new Error('The key of the pending first start is not a key.')
  return { prefix: parts.prefix, digest: digestKeySecret(parts.secret) }
}

/** The four of clients (A6). */
async function createFirstKey(
  context: AdminContext,
  { admin, prefix, digest }: { admin: User; prefix: string; digest: string },
): Promise<void> {
  const entry = auditEntry(context.actor, { action: 'key.create', kind: 'key', name: 'first' })
  const input = {
    name: 'first',
    permissions: [...operationGroups],
    models: { allow: ['*'], deny: [] },
    frontends: null,
    networks: { allow: ['*'], deny: [] },
    rateLimit: null,
    expiresAt: null,
    capture: null,
    ownerId: admin.id,
    prefix,
    digest,
  }
  await onlyOnce(context.database.createKey(input, entry))
}

/** What was made already, by this start before it was killed or by one beside it, stays. */
async function onlyOnce(making: Promise<unknown>): Promise<void> {
  try {
    await making
  } catch (error) {
    if (!isCorralError(error) || error.code !== 'admin.already_exists') throw error
  }
}
