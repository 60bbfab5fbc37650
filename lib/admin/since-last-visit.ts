import type { AuditRow } from '@/lib/db/contract'
import type { BackendEvent } from '@/lib/db/contract-reads'
import { formatNumberOf } from '@/lib/ui/format'
import { largestUnit } from '@/lib/ui/format-time'
import type { AdminContext } from './actor'
import { isMadeByPerson } from './is-made-by-person'
import { assertAllowed, canReadEverything, canReadUser } from './permissions'

export type SinceLastVisit = {
  sinceMs: number
  /** Short facts in order of weight: `gpu-2 down 4 m`, `2 keys expired`, `errors as usual`. */
  facts: { kind: 'outage' | 'errors' | 'expiry' | 'pull' | 'change'; text: string }[]
}

const visitMs = 30 * 60_000
const longestMs = 7 * 86_400_000
const auditMax = 500
const jobsMax = 200
const outagesMax = 2

/**
 * What happened since a person was last here, in one line of facts; null on a first visit, and
 * while the visit lasts. A member reads what concerns their own keys. `sinceMs` names the moment;
 * without it, it is the last visit that was noted. At most seven days back.
 */
export async function sinceLastVisit(
  context: AdminContext,
  userId: string,
  sinceMs?: number,
): Promise<SinceLastVisit | null> {
  assertAllowed(canReadUser(context.actor, userId), 'viewer')
  const { database, clock } = context
  const nowMs = clock.nowMs()
  const noted = sinceMs ?? (await database.findSessionUser(userId))?.lastVisitAtMs ?? null
  if (noted === null || !isAnotherVisit(noted, nowMs)) return null
  const fromMs = Math.max(noted, nowMs - longestMs)
  const everything = canReadEverything(context.actor)
  const period = { fromMs, nowMs }
  const facts = await Promise.all([
    everything ? listOutages(context, period) : [],
    tellErrors(context, { ...period, userId: everything ? null : userId }),
    listExpiries(context, { ...period, ownerId: everything ? null : userId }),
    everything ? listPulls(context, period) : [],
    everything ? listChanges(context, { ...period, userId }) : [],
  ])
  return { sinceMs: noted, facts: facts.flat() }
}

/** What a person did just now is no visit before this one. */
export function isAnotherVisit(sinceMs: number, nowMs: number): boolean {
  return nowMs - sinceMs >= visitMs
}

type Facts = SinceLastVisit['facts']
type Range = { fromMs: number; nowMs: number }

/** How long each server was down in all, the longest first. */
async function listOutages(context: AdminContext, { fromMs, nowMs }: Range): Promise<Facts> {
  const { database } = context
  const [events, backends] = await Promise.all([
    // A day earlier, to know how each server stood when the time began.
    database.listBackendEvents({ sinceMs: fromMs - 86_400_000 }),
    database.listBackends(),
  ])
  const outages = backends
    .map(({ id, name }) => ({ name, ...downtimeOf(events, { backendId: id, fromMs, nowMs }) }))
    .filter((one) => one.downMs >= 1000)
    .sort((a, b) => b.downMs - a.downMs)
  const facts: Facts = outages.slice(0, outagesMax).map(({ name, downMs, isDown }) => ({
    kind: 'outage',
    text: isDown
      ? `${name} down for ${largestUnit(downMs)}`
      : `${name} was down ${largestUnit(downMs)}`,
  }))
  const more = outages.length - outagesMax
  if (more > 0) {
    facts.push({ kind: 'outage', text: `${formatNumberOf(more, 'more server')} had outages` })
  }
  return facts
}

/** Of several nodes the one that saw the most: what one gateway cannot reach is a problem. */
export function downtimeOf(
  events: readonly BackendEvent[],
  { backendId, fromMs, nowMs }: Range & { backendId: string },
): { downMs: number; isDown: boolean } {
  const byNode = new Map<string, { downMs: number; downSinceMs: number | null }>()
  for (const event of events) {
    if (event.backendId !== backendId) continue
    const seen = byNode.get(event.nodeId) ?? { downMs: 0, downSinceMs: null }
    byNode.set(event.nodeId, seen)
    if (event.health === 'unhealthy') {
      seen.downSinceMs ??= event.atMs
    } else if (seen.downSinceMs !== null) {
      seen.downMs += Math.max(0, event.atMs - Math.max(fromMs, seen.downSinceMs))
      seen.downSinceMs = null
    }
  }
  const nodes = [...byNode.values()].map(({ downMs, downSinceMs }) => ({
    downMs: downMs + (downSinceMs === null ? 0 : nowMs - Math.max(fromMs, downSinceMs)),
    isDown: downSinceMs !== null,
  }))
  return nodes.toSorted((a, b) => b.downMs - a.downMs)[0] ?? { downMs: 0, isDown: false }
}

/** The share of failed requests, beside that of the seven days before. */
async function tellErrors(
  { database }: AdminContext,
  { fromMs, nowMs, userId }: Range & { userId: string | null },
): Promise<Facts> {
  const place =
    userId === null
      ? { dimensions: ['all' as const] }
      : { dimensions: ['user' as const], values: [userId] }
  const buckets = await database.readUsageBuckets({
    ...place,
    together: true,
    stretches: [
      { index: 0, fromMs: fromMs - longestMs, untilMs: fromMs },
      { index: 1, fromMs, untilMs: nowMs },
    ],
    quantiles: false,
  })
  const now = buckets.find((bucket) => bucket.index === 1)
  const before = buckets.find((bucket) => bucket.index === 0)
  if (now === undefined || now.requests === 0) return [{ kind: 'errors', text: 'no requests' }]
  if (now.failed === 0) return [{ kind: 'errors', text: 'nothing failed' }]
  const failed = `${formatNumberOf(now.failed, 'request')} failed`
  if (before === undefined || before.requests === 0) return [{ kind: 'errors', text: failed }]
  const share = now.failed / now.requests
  const usual = before.failed / before.requests
  if (now.failed > 5 && share > usual * 2) {
    const text = usual === 0 ? failed : `${failed}, ${(share / usual).toFixed(1)}× as many as usual`
    return [{ kind: 'errors', text }]
  }
  const text = share < usual / 2 ? 'fewer errors than usual' : 'errors as usual'
  return [{ kind: 'errors', text }]
}

async function listExpiries(
  { database }: AdminContext,
  { fromMs, nowMs, ownerId }: Range & { ownerId: string | null },
): Promise<Facts> {
  const all = await database.listKeys(ownerId === null ? {} : { ownerId })
  const keys = all.filter(isMadeByPerson)
  const active = keys.filter((key) => key.state === 'active' && key.expiresAtMs !== null)
  const expired = active.filter(({ expiresAtMs }) => isWithin(expiresAtMs, fromMs, nowMs))
  const soon = active.filter(({ expiresAtMs }) => isWithin(expiresAtMs, nowMs, nowMs + longestMs))
  return [
    ...(expired.length > 0 ? [`${formatNumberOf(expired.length, 'key')} expired`] : []),
    ...(soon.length > 0 ? [`${formatNumberOf(soon.length, 'key')} will expire within 7 d`] : []),
  ].map((text) => ({ kind: 'expiry', text }))
}

/** Whoever asked for them: a pull may end long after, or not at all. */
async function listPulls({ database }: AdminContext, { fromMs }: Range): Promise<Facts> {
  const jobs = await database.listModelJobs({ limit: jobsMax })
  const models = new Set(
    jobs
      .filter(({ kind, state }) => kind === 'pull' && state === 'done')
      .filter(({ endedAtMs }) => endedAtMs !== null && endedAtMs > fromMs)
      .map(({ model }) => model),
  )
  const [only] = models
  if (only === undefined) return []
  const text = models.size === 1 ? `${only} was pulled` : `${models.size} models were pulled`
  return [{ kind: 'pull', text }]
}

/** What others did: settings and servers that were changed. */
async function listChanges(
  { database }: AdminContext,
  { fromMs, userId }: Range & { userId: string },
): Promise<Facts> {
  const rows = await database.searchAudit({ sinceMs: fromMs, limit: auditMax })
  const byOthers = rows.filter((row) => row.actorUserId !== userId && row.via !== 'start')
  const settings = new Set(byOthers.filter((row) => row.targetKind === 'setting').flatMap(namesOf))
  const backends = new Set(byOthers.filter(isOf('backend')).map((row) => row.targetName))
  return [...tellChange(settings, 'setting'), ...tellChange(backends, 'server')]
}

function tellChange(names: Set<string | null>, what: string): Facts {
  if (names.size === 0) return []
  const [only] = names
  const text =
    names.size === 1 && only
      ? `${what} ${only} changed`
      : `${formatNumberOf(names.size, what)} changed`
  return [{ kind: 'change', text }]
}

function namesOf({ targetName }: AuditRow): string[] {
  return targetName === null ? [] : targetName.split(', ')
}

function isOf(kind: string) {
  return (row: AuditRow) => row.targetKind === kind
}

function isWithin(atMs: number | null, fromMs: number, untilMs: number): boolean {
  return atMs !== null && atMs > fromMs && atMs <= untilMs
}
