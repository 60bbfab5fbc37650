import { narrowToTeams, type TeamRules } from '@/lib/auth/team-rules'
import { normalizeModelName } from '@/lib/core/model-name'
import { compileModelRules } from '@/lib/core/model-rules'
import type { ModelRules } from '@/lib/schemas/entities'
import { parseSettings } from '@/lib/settings/parse-settings'
import type { AdminContext } from './actor'
import { listKeys } from './keys'
import { canManageKeysOf } from './permissions'
import { listTeamRulesOf } from './teams'

export type ConnectFacts = {
  /** Where clients reach the gateway; empty where that is the address of the page. */
  gatewayUrl: string
  /** Names of models that chat and that the reader may use, at most 200. */
  models: string[]
  /** The reader's own keys that work, with the first model that each may use. */
  keys: { id: string; name: string; prefix: string; model: string | null }[]
  mayCreate: boolean
  /** Whose key it would be. */
  userName: string
}

const modelsMax = 200
const keysMax = 100

/** What the snippets of the Connect dialog are made of, for the person who reads them. */
export async function readConnectFacts(context: AdminContext): Promise<ConnectFacts> {
  const { actor, database, clock } = context
  const ownId = actor.kind === 'user' ? actor.id : null
  const [stored, names, keys, teams] = await Promise.all([
    database.readSettings(),
    listChatModels(context),
    ownId === null ? [] : listKeys(context, { owner: ownId }),
    ownId === null ? [] : listTeamRulesOf(database, ownId),
  ])
  const usable = keys.filter(
    ({ state, expiresAtMs }) =>
      state === 'active' && (expiresAtMs === null || expiresAtMs > clock.nowMs()),
  )
  return {
    gatewayUrl: parseSettings(stored).publicGatewayUrl.replace(/\/+$/, ''),
    models: allowedOf(names, { allow: ['*'], deny: [] }, teams).slice(0, modelsMax),
    keys: usable.slice(-keysMax).map(({ id, name, prefix, models }) => ({
      id,
      name,
      prefix,
      model: allowedOf(names, models, teams)[0] ?? null,
    })),
    mayCreate: ownId !== null && canManageKeysOf(actor, ownId),
    userName: actor.kind === 'user' ? actor.name : 'operator',
  }
}

/** Those on the most servers first: any of them answers. */
async function listChatModels({ database }: AdminContext): Promise<string[]> {
  const counts = new Map<string, number>()
  for (const { models } of await database.listCatalogue()) {
    for (const { name, capabilities } of models) {
      if (capabilities !== null && !capabilities.includes('completion')) continue
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || a.localeCompare(b))
    .map(([name]) => name)
}

export function allowedOf(
  names: readonly string[],
  rules: ModelRules,
  teams: readonly TeamRules[],
): string[] {
  const isAllowed = compileModelRules(narrowToTeams(rules, teams))
  return names.filter((name) => isAllowed(normalizeModelName(name)))
}
