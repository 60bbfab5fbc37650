import { mostGenerousLimit } from '@/lib/auth/team-rules'
import type { Key, KeyUseReport, Team, TeamMembership, User } from '@/lib/db/contract'
import type { RateLimit } from '@/lib/schemas/entities'
import { parseSettings } from '@/lib/settings/parse-settings'
import type { Filter } from '@/lib/ui/filters'
import {
  type KeyCondition,
  keyConditions,
  keyFilterFields,
  keyFilterValues,
  keyRowsMax,
} from '@/lib/ui/key-list'
import type { Sort } from '@/lib/ui/sort'
import type { AdminContext } from './actor'
import { nodeSilentMs } from './fleet-health'
import { listKeys } from './keys'
import { canManageKey } from './permissions'

/** The limit that holds for a key, and where it stands (B1); `requests: 0` is no limit. */
export type HeldLimit = RateLimit & { from: 'key' | 'user' | 'team' | 'frontend' | 'default' }

export type KeyRow = Omit<Key, 'state' | 'rateLimit'> & {
  condition: KeyCondition
  limit: HeldLimit
  /** Requests in its window now, at the node where it is fullest; null when it cannot be used. */
  used: number | null
  /** Of that window: a node may still hold the limit of a second ago. */
  usedOf: number
  mayManage: boolean
}

export type KeyRowsQuery = {
  view: 'mine' | 'all'
  filters: readonly Filter[]
  sort: Sort | null
  limit: number
}
export type KeyRows = {
  rows: KeyRow[]
  /** How many fit the filters. */
  count: number
  /** How many there are in this view without filters. */
  total: number
}

/** One page of keys with what they use of their windows now. A member sees theirs. */
export async function listKeyRows(context: AdminContext, query: KeyRowsQuery): Promise<KeyRows> {
  const all = await readRows(context, query.view)
  const fitting = all.filter((row) => query.filters.every((filter) => fits(row, filter)))
  const limit = Math.min(keyRowsMax, Math.max(1, query.limit))
  const rows = fitting.sort(comparing(query.sort)).slice(0, limit)
  return { rows, count: fitting.length, total: all.length }
}

/** The values of a filter with how many keys have each, under the other filters. */
export async function listKeyFilterValues(
  context: AdminContext,
  field: string,
  query: Pick<KeyRowsQuery, 'view' | 'filters'>,
): Promise<{ value: string; label: string; count: number }[]> {
  const others = query.filters.filter((filter) => filter.field !== field)
  const rows = (await readRows(context, query.view)).filter((row) =>
    others.every((filter) => fits(row, filter)),
  )
  const known = keyFilterValues[field] ?? []
  const counts = new Map(known.map((value) => [value, 0]))
  for (const value of rows.flatMap((row) => valuesOf(row, field))) {
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const words = keyFilterFields.find(({ id }) => id === field)?.words
  const values = [...counts].map(([value, count]) => ({
    value,
    label: words?.[value] ?? value,
    count,
  }))
  if (known.length > 0) return values
  return values
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value))
    .slice(0, filterValuesMax)
}

const filterValuesMax = 200

/** One key as its row in the list is. */
export async function describeKey(context: AdminContext, key: Key): Promise<KeyRow> {
  return (await makeDescriber(context))(key)
}

async function readRows(context: AdminContext, view: 'mine' | 'all'): Promise<KeyRow[]> {
  const { actor } = context
  const own = view === 'mine' && actor.kind === 'user' ? { owner: actor.id } : {}
  const [keys, describe] = await Promise.all([listKeys(context, own), makeDescriber(context)])
  return keys.map(describe)
}

async function makeDescriber(context: AdminContext): Promise<(key: Key) => KeyRow> {
  const { database, clock, actor } = context
  const nowMs = clock.nowMs()
  const [nodes, users, limitOf] = await Promise.all([
    database.listNodeReports({ seenSinceMs: nowMs - nodeSilentMs }),
    database.listUsers(),
    readLimitsOf(context),
  ])
  const owners = new Map(users.map((user) => [user.id, user]))
  const uses = fullestUses(nodes.flatMap((node) => node.keyUses ?? []))
  return ({ state, rateLimit, ...key }) => {
    const owner = owners.get(key.ownerId)
    const limit: HeldLimit = rateLimit ? { ...rateLimit, from: 'key' } : limitOf(owner)
    const use = uses.get(key.id)
    const condition = conditionOf({ state, expiresAtMs: key.expiresAtMs }, { owner, use, nowMs })
    const isUsable = condition === 'active' || condition === 'at-limit'
    return {
      ...key,
      condition,
      limit,
      used: isUsable ? (use?.used ?? 0) : null,
      usedOf: use?.limit ?? limit.requests,
      mayManage: canManageKey(actor, key) && state !== 'revoked',
    }
  }
}

/** What holds for a key without a limit of its own: its owner's, a team's, the frontend's (B1). */
export async function readLimitsOf({
  database,
}: AdminContext): Promise<(owner: User | undefined) => HeldLimit> {
  const [teams, memberships, frontends, stored] = await Promise.all([
    database.listTeams(),
    database.listTeamMemberships(),
    database.listFrontends(),
    database.readSettings(),
  ])
  const { rateLimitRequests, rateLimitWindowSeconds } = parseSettings(stored)
  const main = frontends.find(({ isDefault }) => isDefault)
  const byDefault: HeldLimit = main?.rateLimit
    ? { ...main.rateLimit, from: 'frontend' }
    : { requests: rateLimitRequests, windowSeconds: rateLimitWindowSeconds, from: 'default' }
  const limitOfTeams = rememberTeamLimits(teams, memberships)
  return (owner) => {
    if (owner === undefined) return byDefault
    if (owner.rateLimit !== null) return { ...owner.rateLimit, from: 'user' }
    const ofTeams = limitOfTeams(owner.id)
    return ofTeams === null ? byDefault : { ...ofTeams, from: 'team' }
  }
}

function rememberTeamLimits(teams: readonly Team[], memberships: readonly TeamMembership[]) {
  const byId = new Map(teams.map((team) => [team.id, team]))
  const byUser = new Map<string, Team[]>()
  for (const { userId, teamId } of memberships) {
    const team = byId.get(teamId)
    if (team !== undefined) byUser.set(userId, [...(byUser.get(userId) ?? []), team])
  }
  return (userId: string): RateLimit | null => mostGenerousLimit(byUser.get(userId) ?? [])
}

/** Without Redis each node counts by itself: a key is as near its limit as where it is nearest. */
function fullestUses(reports: readonly KeyUseReport[]): Map<string, KeyUseReport> {
  const fullest = new Map<string, KeyUseReport>()
  for (const use of reports) {
    const known = fullest.get(use.keyId)
    if (known === undefined || shareOf(use) > shareOf(known)) fullest.set(use.keyId, use)
  }
  return fullest
}

function shareOf({ used, limit }: KeyUseReport): number {
  return limit > 0 ? used / limit : 0
}

function conditionOf(
  key: Pick<Key, 'state' | 'expiresAtMs'>,
  at: { owner: User | undefined; use: KeyUseReport | undefined; nowMs: number },
): KeyCondition {
  if (key.state === 'revoked') return 'revoked'
  if (at.owner?.active === false) return 'owner-inactive'
  if (key.expiresAtMs !== null && key.expiresAtMs <= at.nowMs) return 'expired'
  if (key.state === 'disabled') return 'disabled'
  return at.use && at.use.limit > 0 && at.use.used >= at.use.limit ? 'at-limit' : 'active'
}

function fits(row: KeyRow, { field, isNot, values }: Filter): boolean {
  if (field === 'name') {
    const text = values[0]?.toLowerCase() ?? ''
    const stands = `${row.name} op_${row.prefix}`.toLowerCase().includes(text)
    return stands !== isNot
  }
  return valuesOf(row, field).some((value) => values.includes(value)) !== isNot
}

function valuesOf(row: KeyRow, field: string): string[] {
  switch (field) {
    case 'state':
      return [row.condition]
    case 'owner':
      return [row.ownerName]
    case 'permission':
      return row.permissions
    default:
      return []
  }
}

/** Without a wish, what was used last is first; what is unknown is last either way. */
function comparing(sort: Sort | null): (a: KeyRow, b: KeyRow) => number {
  const { column, isDescending } = sort ?? { column: 'used', isDescending: true }
  return (a, b) => {
    const [one, other] = [sortValue(a, column), sortValue(b, column)]
    if (one === null || other === null) {
      return Number(one === null) - Number(other === null) || byName(a, b)
    }
    const order = typeof one === 'string' ? one.localeCompare(String(other)) : one - Number(other)
    return (isDescending ? -order : order) || byName(a, b)
  }
}

function byName(a: KeyRow, b: KeyRow): number {
  return a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1)
}

function sortValue(row: KeyRow, column: string): string | number | null {
  switch (column) {
    case 'name':
      return row.name
    case 'owner':
      return row.ownerName
    case 'state':
      return keyConditions.indexOf(row.condition)
    case 'now':
      return row.used === null ? null : row.used / Math.max(1, row.usedOf)
    case 'expires':
      return row.expiresAtMs
    case 'created':
      return row.createdAtMs
    default:
      return row.lastUsedAtMs
  }
}
