import { parseSettings } from '@/lib/settings/parse-settings'
import type { AdminContext } from './actor'
import { allowedOf } from './connect-facts'
import { canUsePlayground } from './permissions'
import { listTeamRulesOf } from './teams'

export type PlaygroundModel = {
  name: string
  /** `completion`, `embedding`, `vision`, `tools`, `thinking`; null where no server says so. */
  capabilities: string[] | null
}
export type PlaygroundFacts = {
  /** Where the page calls the gateway; empty where that is its own origin. */
  gatewayUrl: string
  /** Those that the reader may use, at most 500, those on the most servers first. */
  models: PlaygroundModel[]
  mayRun: boolean
}

const modelsMax = 500

export async function readPlaygroundFacts(context: AdminContext): Promise<PlaygroundFacts> {
  const { actor, database } = context
  const [stored, catalogue, teams] = await Promise.all([
    database.readSettings(),
    database.listCatalogue(),
    actor.kind === 'user' ? listTeamRulesOf(database, actor.id) : [],
  ])
  const known = new Map<string, { servers: number; capabilities: string[] | null }>()
  for (const { models } of catalogue) {
    for (const { name, capabilities } of models) {
      const before = known.get(name)
      known.set(name, {
        servers: (before?.servers ?? 0) + 1,
        capabilities: before?.capabilities ?? capabilities,
      })
    }
  }
  const names = [...known]
    .sort(([a, one], [b, other]) => other.servers - one.servers || a.localeCompare(b))
    .map(([name]) => name)
  return {
    gatewayUrl: parseSettings(stored).publicGatewayUrl.replace(/\/+$/, ''),
    models: allowedOf(names, { allow: ['*'], deny: [] }, teams)
      .slice(0, modelsMax)
      .map((name) => ({ name, capabilities: known.get(name)?.capabilities ?? null })),
    mayRun: canUsePlayground(actor),
  }
}
