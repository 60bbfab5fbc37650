import { formatEstimate, formatNumberOf } from '@/lib/ui/format'
import { formatDay } from '@/lib/ui/format-time'
import type { AdminContext } from './actor'
import { assertAllowed, canManageUsers, canPruneUsage } from './permissions'
import { sessionMaxAgeS } from './session-cookie'

/** What an act in the danger zone would take, one fact a line. */
export type DangerFacts = { facts: string[]; isHarmless: boolean }

const dayMs = 86_400_000
const namedMax = 5

/** Records that are older than so many days; their number is that of the roll-ups. */
export async function readOldRecords(
  { actor, database, clock }: AdminContext,
  { days, timezone }: { days: number; timezone: string },
): Promise<DangerFacts> {
  assertAllowed(canPruneUsage(actor), 'admin')
  const untilMs = clock.nowMs() - days * dayMs
  const { oldestMs } = (await database.readDatabaseFacts()).usageRecords
  if (oldestMs === null || oldestMs >= untilMs) {
    return { facts: ['Nothing: no record is as old'], isHarmless: true }
  }
  const [bucket] = await database.readUsageBuckets({
    dimensions: ['all'],
    together: true,
    stretches: [{ index: 0, fromMs: oldestMs, untilMs }],
    sums: ['requests'],
    quantiles: false,
  })
  const count = formatEstimate(bucket?.requests)
  const oldest = formatDay(oldestMs, timezone)
  return { facts: [`${count} requests, the oldest of ${oldest}`], isHarmless: false }
}

/** Who was here so lately that a session of theirs may be open. */
export async function readOpenSessions({
  actor,
  database,
  clock,
}: AdminContext): Promise<DangerFacts> {
  assertAllowed(canManageUsers(actor), 'admin')
  const sinceMs = clock.nowMs() - sessionMaxAgeS * 1000
  const people = (await database.listUsers()).filter(
    ({ active, lastSignInAtMs, lastVisitAtMs }) =>
      active && Math.max(lastSignInAtMs ?? 0, lastVisitAtMs ?? 0) >= sinceMs,
  )
  if (people.length === 0) return { facts: ['Nobody: no session is open'], isHarmless: true }
  const names = people.slice(0, namedMax).map(({ name }) => name)
  const rest = people.length - names.length
  const others = rest > 0 ? ` and ${rest} more` : ''
  const count = formatNumberOf(people.length, 'person', 'people')
  return {
    facts: [`${count} who may be signed in: ${names.join(', ')}${others}`],
    isHarmless: false,
  }
}
