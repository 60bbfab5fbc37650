import { normalizeModelName } from '@/lib/core/model-name'
import { compileModelPattern } from '@/lib/core/model-rules'
import type { Key } from '@/lib/db/contract'
import type { UsageDimension, UsageHit } from '@/lib/db/contract-reads'
import { selectCandidates } from '@/lib/routing/select-candidates'
import { formatExact, formatNumberOf } from '@/lib/ui/format'
import type { AdminContext } from './actor'
import { getKey } from './keys'
import { assertAllowed, canReadEverything, canReadUser } from './permissions'
import { readRouting, routeRequest } from './read-routing'

/** What a harmful act is about. A backend with a model: that model, there only. */
export type BlastTarget =
  | { keyIds: readonly string[] }
  | { userId: string }
  | { teamId: string }
  /** What is only unloaded is loaded again by the next request: nothing is left without a server. */
  | { backendId: string; model?: string; isUnload?: boolean }
  | { model: string }
  | { alias: string }

/** Whom it would have hit in the last 24 hours. */
export type BlastRadius = {
  requests: number
  /** Of these 24 hours. */
  perHour: number
  users: number
  keys: number
  /** Of these; they came without a key. */
  anonymousRequests: number
  /** Users and keys are those of the newest requests: there were too many to look at all. */
  isAtLeast: boolean
  /** Who asked most, at most five. */
  people: { id: string; name: string; requests: number }[]
  /** Models that no other server would serve, the most used first. */
  leftWithout: { model: string; requests: number }[]
  /** The same in words, one fact a line. */
  facts: string[]
  isHarmless: boolean
}

const lookedAtMs = 24 * 3_600_000
const recordsMax = 50_000
const peopleMax = 5
const spellingsMax = 10

/** Throws `admin.not_found` and `admin.forbidden` as reading its target would. */
export async function blastRadius(
  context: AdminContext,
  target: BlastTarget,
): Promise<BlastRadius> {
  if ('keyIds' in target) {
    const keys = await Promise.all(target.keyIds.map((id) => getKey(context, id)))
    return ofKeys(context, keys, { dimension: 'key', values: keys.map(({ id }) => id) })
  }
  if ('userId' in target) {
    assertAllowed(canReadUser(context.actor, target.userId), 'viewer')
    return ofUsers(context, [target.userId])
  }
  assertAllowed(canReadEverything(context.actor), 'viewer')
  if ('teamId' in target) {
    const members = await context.database.listTeamMemberships({ teamId: target.teamId })
    return ofUsers(
      context,
      members.map(({ userId }) => userId),
    )
  }
  if ('alias' in target) {
    const { hits, isWhole } = await listHits(context, {})
    return render(context, { hits: hits.filter(servedByAlias(target.alias)), isWhole })
  }
  if (!('backendId' in target)) return ofModel(context, target.model)
  const { backendId } = target
  const model = target.model === undefined ? null : normalizeModelName(target.model)
  const { hits, isWhole } = await listHits(context, { backendId })
  const own = model === null ? hits : hits.filter((hit) => servedModel(hit) === model)
  return render(context, {
    hits: own,
    isWhole,
    ...(!target.isUnload && {
      leftWithout: await listLeftWithout(context, { backendId, model, hits: own }),
    }),
    ...(model === null && {
      total: await countRequests(context, { dimension: 'backend', values: [backendId] }),
    }),
  })
}

/** A model is recorded by the name that was sent: `llama3.2` and `llama3.2:latest` are one. */
async function ofModel(context: AdminContext, model: string): Promise<BlastRadius> {
  const wanted = normalizeModelName(model)
  const buckets = await context.database.readUsageBuckets({
    dimensions: ['model'],
    stretches: [lastDay(context)],
    quantiles: false,
  })
  const own = buckets.filter(({ value }) => normalizeModelName(value) === wanted)
  const spellings = own.map(({ value }) => value).slice(0, spellingsMax)
  const found = await Promise.all(
    spellings.map((modelServed) => listHits(context, { modelServed })),
  )
  return render(context, {
    hits: found.flatMap(({ hits }) => hits),
    isWhole: found.every(({ isWhole }) => isWhole) && own.length === spellings.length,
    total: own.reduce((sum, { requests }) => sum + requests, 0),
  })
}

async function ofUsers(context: AdminContext, userIds: readonly string[]): Promise<BlastRadius> {
  const all = await Promise.all(userIds.map((ownerId) => context.database.listKeys({ ownerId })))
  return ofKeys(context, all.flat(), { dimension: 'user', values: userIds })
}

/** All requests of keys or users are told by roll-ups. */
async function ofKeys(
  context: AdminContext,
  keys: readonly Key[],
  place: Place,
): Promise<BlastRadius> {
  const buckets =
    keys.length === 0
      ? []
      : await context.database.readUsageBuckets({
          dimensions: ['key'],
          values: keys.map((key) => key.id),
          stretches: [lastDay(context)],
          quantiles: false,
        })
  const hits = buckets.map(({ value, requests }) => ({
    keyId: value,
    userId: keys.find((key) => key.id === value)?.ownerId ?? null,
    modelAsked: null,
    modelServed: null,
    requests,
  }))
  return render(context, { hits, isWhole: true, total: await countRequests(context, place) })
}

type Place = { dimension: UsageDimension; values: readonly string[] }

async function countRequests(context: AdminContext, { dimension, values }: Place): Promise<number> {
  if (values.length === 0) return 0
  const [bucket] = await context.database.readUsageBuckets({
    dimensions: [dimension],
    values: [...values],
    together: true,
    stretches: [lastDay(context)],
    quantiles: false,
  })
  return bucket?.requests ?? 0
}

function listHits(context: AdminContext, which: { backendId?: string; modelServed?: string }) {
  const { fromMs, untilMs } = lastDay(context)
  return context.database.listUsageHits({ ...which, sinceMs: fromMs, untilMs, recordsMax })
}

function lastDay({ clock }: AdminContext) {
  const nowMs = clock.nowMs()
  return { index: 0, fromMs: nowMs - lookedAtMs, untilMs: nowMs + 60_000 }
}

function servedModel({ modelServed, modelAsked }: UsageHit): string | null {
  const name = modelServed ?? modelAsked
  return name === null ? null : normalizeModelName(name)
}

function servedByAlias(alias: string): (hit: UsageHit) => boolean {
  const matches = compileModelPattern(alias)
  return ({ modelAsked, modelServed }) => {
    if (modelAsked === null) return false
    const asked = normalizeModelName(modelAsked)
    return matches(asked) && (modelServed === null || normalizeModelName(modelServed) !== asked)
  }
}

/** Asks routing itself, once with the server as if it were well, and once without. */
async function listLeftWithout(
  context: AdminContext,
  {
    backendId,
    model,
    hits,
  }: { backendId: string; model: string | null; hits: readonly UsageHit[] },
): Promise<BlastRadius['leftWithout']> {
  const { routing } = await readRouting(context)
  const gone = routing.backends.find((backend) => backend.id === backendId)
  if (gone === undefined) return []
  const well = { ...gone, health: 'healthy' as const, circuitAllows: true }
  const others = { ...routing, backends: routing.backends.filter((one) => one !== gone) }
  const before = { ...routing, backends: [...others.backends, well] }
  return [...(gone.catalogue?.values() ?? [])]
    .map(({ name }) => name)
    .filter((name) => model === null || normalizeModelName(name) === model)
    .filter((name) => {
      const request = routeRequest({ model: name })
      const { candidates } = selectCandidates(request, before)
      if (!candidates.some(({ backend }) => backend === well)) return false
      return selectCandidates(request, others).candidates.length === 0
    })
    .map((name) => ({
      model: name,
      requests: hits
        .filter((hit) => servedModel(hit) === normalizeModelName(name))
        .reduce((sum, hit) => sum + hit.requests, 0),
    }))
    .sort((a, b) => b.requests - a.requests || a.model.localeCompare(b.model))
}

async function render(
  { database }: AdminContext,
  found: {
    hits: readonly UsageHit[]
    isWhole: boolean
    /** From roll-ups, where they tell it: then it equals `corral usage`. */
    total?: number
    leftWithout?: BlastRadius['leftWithout']
  },
): Promise<BlastRadius> {
  const { hits, isWhole, leftWithout = [] } = found
  const counted = hits.reduce((sum, hit) => sum + hit.requests, 0)
  const requests = Math.max(found.total ?? counted, counted)
  const byUser = new Map<string, number>()
  for (const { userId, requests } of hits) {
    if (userId !== null) byUser.set(userId, (byUser.get(userId) ?? 0) + requests)
  }
  const names = new Map((await database.listUsers()).map((user) => [user.id, user.name]))
  const figures = {
    requests,
    perHour: requests / (lookedAtMs / 3_600_000),
    users: byUser.size,
    keys: new Set(hits.flatMap(({ keyId }) => keyId ?? [])).size,
    anonymousRequests: hits
      .filter(({ keyId }) => keyId === null)
      .reduce((sum, hit) => sum + hit.requests, 0),
    isAtLeast: !isWhole,
    people: [...byUser]
      .map(([id, requests]) => ({ id, name: names.get(id) ?? 'a removed user', requests }))
      .sort((a, b) => b.requests - a.requests || a.name.localeCompare(b.name))
      .slice(0, peopleMax),
    leftWithout,
  }
  return { ...figures, facts: describe(figures), isHarmless: requests === 0 && !leftWithout.length }
}

function describe(radius: Omit<BlastRadius, 'facts' | 'isHarmless'>): string[] {
  const { requests, perHour, users, keys, people, anonymousRequests, leftWithout } = radius
  const atLeast = radius.isAtLeast ? 'at least ' : ''
  const facts: string[] = []
  if (requests === 0) facts.push('Nobody: there was no request')
  else {
    const rate = perHour >= 1 ? `, about ${formatExact(Math.round(perHour))} an hour` : ''
    facts.push(`${formatNumberOf(requests, 'request')}${rate}`)
  }
  if (users > 0) {
    const named = people.map(({ name }) => name).join(', ')
    const rest = users > people.length ? ' and others' : ''
    const whose = `${formatNumberOf(users, 'user')} with ${formatNumberOf(keys, 'key')}`
    facts.push(`${atLeast}${whose}: ${named}${rest}`)
  }
  if (anonymousRequests > 0) {
    facts.push(`${atLeast}${formatNumberOf(anonymousRequests, 'request')} without a key`)
  }
  if (leftWithout.length > 0) {
    const named = leftWithout.slice(0, modelsNamed).map(({ model }) => model)
    const rest = leftWithout.length - named.length
    const more = rest > 0 ? ` and ${rest} more` : ''
    const models = formatNumberOf(leftWithout.length, 'model')
    facts.push(`${models} would be left without a server: ${named.join(', ')}${more}`)
  }
  return facts
}

const modelsNamed = 8
