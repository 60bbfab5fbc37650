import type { Team, TeamMembership, User } from '@/lib/db/contract'
import type { Filter } from '@/lib/ui/filters'
import type { Sort } from '@/lib/ui/sort'
import {
  type UserCondition,
  userConditions,
  userFilterFields,
  userFilterValues,
  userRowsMax,
} from '@/lib/ui/user-list'
import type { AdminContext } from './actor'
import { assertAllowed, canReadEverything } from './permissions'

export type UserRow = User & {
  condition: UserCondition
  teams: { id: string; name: string; isAdmin: boolean }[]
  /** Of the last 30 days, from roll-ups. */
  requests: number
}
export type UserRowsQuery = { filters: readonly Filter[]; sort: Sort | null; limit: number }
export type UserRows = {
  rows: UserRow[]
  /** How many fit the filters. */
  count: number
  /** How many there are. */
  total: number
}

export type TeamRow = Team & {
  admins: { id: string; name: string }[]
  /** What its members asked in the last 30 days. */
  requests: number
}

const usageMs = 30 * 24 * 3_600_000
const filterValuesMax = 200

/** One page of the people, with their teams and how much they asked. Needs a reader of everything. */
export async function listUserRows(context: AdminContext, query: UserRowsQuery): Promise<UserRows> {
  const all = await readRows(context)
  const fitting = all.filter((row) => query.filters.every((filter) => fits(row, filter)))
  const limit = Math.min(userRowsMax, Math.max(1, query.limit))
  const rows = fitting.sort(comparing(query.sort)).slice(0, limit)
  return { rows, count: fitting.length, total: all.length }
}

/** The values of a filter with how many people have each, under the other filters. */
export async function listUserFilterValues(
  context: AdminContext,
  field: string,
  { filters }: Pick<UserRowsQuery, 'filters'>,
): Promise<{ value: string; label: string; count: number }[]> {
  const others = filters.filter((filter) => filter.field !== field)
  const rows = (await readRows(context)).filter((row) => others.every((one) => fits(row, one)))
  const known = userFilterValues[field] ?? []
  const counts = new Map(known.map((value) => [value, 0]))
  for (const value of rows.flatMap((row) => valuesOf(row, field))) {
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const words = userFilterFields.find(({ id }) => id === field)?.words
  return [...counts]
    .map(([value, count]) => ({ value, label: words?.[value] ?? value, count }))
    .sort((a, b) => (known.length > 0 ? 0 : b.count - a.count || a.value.localeCompare(b.value)))
    .slice(0, filterValuesMax)
}

/** Every team with its admins and what its members asked. Needs a reader of everything. */
export async function listTeamRows(context: AdminContext): Promise<TeamRow[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const [teams, memberships, requests] = await Promise.all([
    context.database.listTeams(),
    context.database.listTeamMemberships(),
    countRequests(context),
  ])
  return teams.map((team) => {
    const members = memberships.filter(({ teamId }) => teamId === team.id)
    return {
      ...team,
      admins: members
        .filter(({ isAdmin }) => isAdmin)
        .map(({ userId, userName }) => ({ id: userId, name: userName })),
      requests: members.reduce((sum, { userId }) => sum + (requests.get(userId) ?? 0), 0),
    }
  })
}

export function conditionOf(user: Pick<User, 'active' | 'mustChangePassword'>): UserCondition {
  if (!user.active) return 'deactivated'
  return user.mustChangePassword ? 'password-due' : 'active'
}

async function readRows(context: AdminContext): Promise<UserRow[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const [users, memberships, requests] = await Promise.all([
    context.database.listUsers(),
    context.database.listTeamMemberships(),
    countRequests(context),
  ])
  const teams = new Map<string, TeamMembership[]>()
  for (const membership of memberships) {
    const known = teams.get(membership.userId)
    if (known) known.push(membership)
    else teams.set(membership.userId, [membership])
  }
  return users.map((user) => ({
    ...user,
    condition: conditionOf(user),
    teams: (teams.get(user.id) ?? []).map(({ teamId, teamName, isAdmin }) => ({
      id: teamId,
      name: teamName,
      isAdmin,
    })),
    requests: requests.get(user.id) ?? 0,
  }))
}

async function countRequests({ database, clock }: AdminContext): Promise<Map<string, number>> {
  const nowMs = clock.nowMs()
  const buckets = await database.readUsageBuckets({
    dimensions: ['user'],
    stretches: [{ index: 0, fromMs: nowMs - usageMs, untilMs: nowMs + 60_000 }],
    quantiles: false,
  })
  return new Map(buckets.map(({ value, requests }) => [value, requests]))
}

function fits(row: UserRow, { field, isNot, values }: Filter): boolean {
  if (field === 'name') {
    const text = values[0]?.toLowerCase() ?? ''
    return `${row.name} ${row.email ?? ''}`.toLowerCase().includes(text) !== isNot
  }
  return valuesOf(row, field).some((value) => values.includes(value)) !== isNot
}

function valuesOf(row: UserRow, field: string): string[] {
  switch (field) {
    case 'role':
      return [row.role]
    case 'state':
      return [row.condition]
    case 'team':
      return row.teams.map(({ name }) => name)
    default:
      return []
  }
}

/** Without a wish by name; what is unknown is last either way. */
function comparing(sort: Sort | null): (a: UserRow, b: UserRow) => number {
  const { column, isDescending } = sort ?? { column: 'name', isDescending: false }
  return (a, b) => {
    const [one, other] = [sortValue(a, column), sortValue(b, column)]
    if (one === null || other === null) {
      return Number(one === null) - Number(other === null) || a.name.localeCompare(b.name)
    }
    const order = typeof one === 'string' ? one.localeCompare(String(other)) : one - Number(other)
    return (isDescending ? -order : order) || a.name.localeCompare(b.name)
  }
}

function sortValue(row: UserRow, column: string): string | number | null {
  switch (column) {
    case 'role':
      return row.role
    case 'state':
      return userConditions.indexOf(row.condition)
    case 'keys':
      return row.keyCount
    case 'requests':
      return row.requests
    case 'seen':
      return row.lastVisitAtMs ?? row.lastSignInAtMs
    case 'created':
      return row.createdAtMs
    default:
      return row.name
  }
}
