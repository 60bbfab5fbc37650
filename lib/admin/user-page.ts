import type { SignIn, TeamMembership, User } from '@/lib/db/contract'
import { type Period, previousPeriod } from '@/lib/ui/range'
import { type UserCondition, userRowsMax } from '@/lib/ui/user-list'
import type { AdminContext } from './actor'
import { blastRadius } from './blast-radius'
import { type HeldLimit, type KeyRow, listKeyRows, readLimitsOf } from './key-rows'
import { assertAllowed, canManageKeysOf, canManageUsers } from './permissions'
import { listExchangesOf } from './stop-exchange'
import {
  type UsageRow,
  type UsageSeries,
  type UsageTable,
  usageSeries,
  usageTable,
} from './usage-figures'
import { conditionOf } from './user-rows'
import { getUser, getUserByReference } from './users'

export type UserPage = {
  nowMs: number
  user: User & { condition: UserCondition }
  /** Those that are not revoked. */
  keys: KeyRow[]
  revokedKeyCount: number
  teams: TeamMembership[]
  /** The newest first, at most 20. */
  signIns: SignIn[]
  /** What holds for a key of theirs without a limit of its own. */
  limit: HeldLimit
  isSelf: boolean
  may: {
    /** Name, role, limit, activation, removal. */
    manage: boolean
    /** Not of oneself: who changes their own password is asked for the old one. */
    resetPassword: boolean
    changePassword: boolean
    signOutEverywhere: boolean
    manageKeys: boolean
  }
}

export type PeopleUsage = {
  nowMs: number
  period: Period
  series: UsageSeries
  total: UsageRow & { before: UsageRow | null }
  models: UsageTable['rows']
  people: UsageTable['rows']
}

const modelsMax = 8
const peopleMax = 10

/** A person, with what is theirs. Throws `admin.not_found`, and `admin.forbidden` to strangers. */
export async function readUserPage(context: AdminContext, reference: string): Promise<UserPage> {
  const { actor, clock } = context
  const { user, keys, teams, signIns } = await getUser(context, reference)
  const [rows, limitOf] = await Promise.all([
    listKeyRows(context, {
      view: 'all',
      filters: [
        { field: 'owner', isNot: false, values: [user.name] },
        { field: 'state', isNot: true, values: ['revoked'] },
      ],
      sort: null,
      limit: userRowsMax,
    }),
    readLimitsOf(context),
  ])
  const isSelf = actor.kind === 'user' && actor.id === user.id
  const manage = canManageUsers(actor)
  return {
    nowMs: clock.nowMs(),
    user: { ...user, condition: conditionOf(user) },
    keys: rows.rows,
    revokedKeyCount: keys.filter(({ state }) => state === 'revoked').length,
    teams,
    signIns,
    limit: limitOf(user),
    isSelf,
    may: {
      manage,
      resetPassword: manage && !isSelf,
      changePassword: isSelf && user.hasPassword,
      signOutEverywhere: manage || isSelf,
      manageKeys: canManageKeysOf(actor, user.id),
    },
  }
}

/** What these people did in a range, as `corral usage` counts it, and in the range before. */
export async function readPeopleUsage(
  context: AdminContext,
  userIds: string[],
  { period, timezone }: { period: Period; timezone: string },
): Promise<PeopleUsage> {
  const of = { userIds }
  const compare = previousPeriod(period)
  const [series, people, models] = await Promise.all([
    usageSeries(context, { by: null, period, timezone, of }),
    usageTable(context, { by: 'user', period, timezone, of, compare }),
    usageTable(context, { by: 'model', period, timezone, of }),
  ])
  const used = ({ requests }: UsageRow) => requests > 0
  return {
    nowMs: context.clock.nowMs(),
    period,
    series,
    total: people.total,
    models: models.rows.filter(used).slice(0, modelsMax),
    people: people.rows.filter(used).slice(0, peopleMax),
  }
}

export type WhatStops = {
  /** Keys that work now. */
  keys: number
  /** Requests that are on their way and will be ended. */
  inFlight: number
  hasSession: boolean
  /** Whom it would have hit in the last 24 hours. */
  facts: string[]
  isHarmless: boolean
}

/** What ends when a person is deactivated. */
export async function readWhatStops(context: AdminContext, reference: string): Promise<WhatStops> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const user = await getUserByReference(context, reference)
  const [keys, exchanges, { facts, isHarmless }] = await Promise.all([
    context.database.listKeys({ ownerId: user.id }),
    listExchangesOf(context, user.id),
    blastRadius(context, { userId: user.id }),
  ])
  const nowMs = context.clock.nowMs()
  const works = keys.filter(
    ({ state, expiresAtMs }) => state === 'active' && (expiresAtMs === null || expiresAtMs > nowMs),
  )
  return {
    keys: works.length,
    inFlight: exchanges.length,
    hasSession: user.lastSignInAtMs !== null,
    facts,
    isHarmless,
  }
}
