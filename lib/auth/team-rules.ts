import type { NarrowedRules } from '@/lib/core/model-rules'
import type { ModelRules, RateLimit } from '@/lib/schemas/entities'

export type TeamRules = { models: ModelRules; rateLimit: RateLimit | null }

/**
 * A7: a key may use what it allows itself and what one of its owner's teams allows; what a team
 * denies is denied. Without a team, its own rules are all.
 */
export function narrowToTeams(models: ModelRules, teams: readonly TeamRules[]): NarrowedRules {
  if (teams.length === 0) return models
  return {
    allow: models.allow,
    deny: [...new Set([...models.deny, ...teams.flatMap((team) => team.models.deny)])],
    within: [...new Set(teams.flatMap((team) => team.models.allow))],
  }
}

/**
 * B1: of several teams the most generous limit holds: who joins another team never gets less.
 * A team without a limit says nothing. Null where none does.
 */
export function mostGenerousLimit(teams: readonly TeamRules[]): RateLimit | null {
  let best: RateLimit | null = null
  for (const { rateLimit } of teams) {
    if (rateLimit !== null && (best === null || perSecond(rateLimit) > perSecond(best))) {
      best = rateLimit
    }
  }
  return best
}

function perSecond({ requests, windowSeconds }: RateLimit): number {
  return requests === 0 ? Number.POSITIVE_INFINITY : requests / windowSeconds
}
