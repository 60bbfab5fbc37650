import { parseSettings } from '@/lib/settings/parse-settings'
import type { AdminContext } from './actor'
import { type ServerFigure, serversStrip } from './node-figures'
import { canManageBackends, canReadEverything, canUsePlayground } from './permissions'
import { readable } from './requests'
import { placeOfAll, resolveUsageScope } from './usage-scope'

/** A call that came, as a newcomer watches for it. */
export type ArrivedRequest = {
  id: string
  atMs: number
  status: number
  model: string | null
  server: string | null
  timeToFirstTokenMs: number | null
  totalMs: number
  completionTokens: number | null
  error: { code: string; text: string | null } | null
}

export type FirstSteps = {
  mayAddServer: boolean
  /** How many can answer now. */
  readyServers: number
  /** Named to those who may see servers. */
  servers: ServerFigure[]
  /** What can chat, by name. */
  models: string[]
  /** The reader's own that work. */
  keys: { id: string; name: string; prefix: string }[]
  /** Where clients call, where that is not this address; else empty. */
  gatewayUrl: string
  /** The newest call, that of a stranger without a key included for those who see everything. */
  arrived: ArrivedRequest | null
}

const longAgoMs = 400 * 86_400_000
const modelsMax = 100

/** The path to a first request; null once one was answered, and for who can have no key. */
export async function findFirstSteps(context: AdminContext): Promise<FirstSteps | null> {
  const { actor, database, clock } = context
  if (!canUsePlayground(actor)) return null
  const nowMs = clock.nowMs()
  const [all] = await database.readUsageBuckets({
    ...placeOfAll(await resolveUsageScope(context)),
    together: true,
    stretches: [{ index: 0, fromMs: nowMs - longAgoMs, untilMs: nowMs + 60_000 }],
    quantiles: false,
  })
  return all !== undefined && all.ok > 0 ? null : readFirstSteps(context)
}

/** How far somebody is, also after the first request was answered. */
export async function readFirstSteps(context: AdminContext): Promise<FirstSteps> {
  const { actor, database } = context
  const ownerId = actor.kind === 'user' ? actor.id : ''
  const [servers, catalogue, keys, settings, newest] = await Promise.all([
    serversStrip(context),
    database.listCatalogue(),
    database.listKeys({ ownerId }),
    database.readSettings().then((stored) => parseSettings(stored)),
    database.searchUsageRecords({ ...readable(context, {}), limit: 1, budgetMs: 100 }),
  ])
  const ready = servers.filter(({ health }) => health === 'healthy' || health === 'degraded')
  const names = catalogue
    .filter((one) => ready.some(({ id }) => id === one.backendId))
    .flatMap((one) => one.models)
    .filter((model) => model.capabilities?.includes('completion') ?? true)
    .map((model) => model.name)
  const [record] = newest.records
  return {
    mayAddServer: canManageBackends(actor),
    readyServers: ready.length,
    servers: canReadEverything(actor) ? servers : [],
    models: [...new Set(names)].sort().slice(0, modelsMax),
    keys: keys
      .filter((key) => key.state === 'active')
      .map(({ id, name, prefix }) => ({ id, name, prefix })),
    gatewayUrl: settings.publicGatewayUrl,
    arrived: record
      ? {
          id: record.id,
          atMs: record.startedAtMs,
          status: record.status,
          model: record.modelServed ?? record.modelAsked,
          server: canReadEverything(actor) ? record.backendName : null,
          timeToFirstTokenMs: record.timeToFirstTokenMs,
          totalMs: record.totalMs,
          completionTokens: record.completionTokens,
          error: record.errorCode ? { code: record.errorCode, text: record.errorText } : null,
        }
      : null,
  }
}
