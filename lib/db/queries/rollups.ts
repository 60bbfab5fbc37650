import { type Cellar, type Transaction, transactionOptions } from '../cellar'
import type { RollupSpan } from '../contract'
import { dayBeginMs, nextDayBeginMs, quarterMs } from '../day-begin'
import { mergeRowIntoRollup, placeOf, type RollupRow, type RollupSet, takeRollup } from '../rollup'
import { lockRollups, rollupSelection, writeRollups } from '../rollup-store'

const spans: RollupSpan[] = ['minute', 'quarter', 'day']
const daysInStep = 4

/**
 * Deletes the oldest first, at most `limit` in all. The limit of age moves down to the begin of a
 * quarter hour for minutes and of a day for the rest, so that no day is left with a part of it.
 */
export function pruneRollups(
  { engine, prisma }: Cellar,
  filter: { olderThanMs: number; limit: number; span?: RollupSpan },
): Promise<number> {
  return prisma.$transaction(async (tx) => {
    await lockRollups(engine, tx)
    const { timezone } = await tx.rollupState.findUniqueOrThrow({ where: { id: 1 } })
    let pruned = 0
    for (const span of filter.span === undefined ? spans : [filter.span]) {
      const endMs =
        span === 'minute'
          ? Math.floor(filter.olderThanMs / quarterMs) * quarterMs
          : dayBeginMs(filter.olderThanMs, timezone)
      if (span === 'minute') {
        await tx.$executeRaw`UPDATE rollup_state SET minutes_from_ms = ${endMs}
          WHERE id = 1 AND minutes_from_ms < ${endMs}`
      }
      pruned += await deleteOldest(tx, { span, endMs, limit: filter.limit - pruned })
      if (pruned >= filter.limit) break
    }
    return pruned
  }, transactionOptions)
}

function deleteOldest(
  tx: Transaction,
  { span, endMs, limit }: { span: RollupSpan; endMs: number; limit: number },
): Promise<number> {
  return tx.$executeRaw`DELETE FROM usage_rollups WHERE (span, dimension, begin_ms, value) IN (
    SELECT span, dimension, begin_ms, value FROM usage_rollups
    WHERE span = ${span} AND begin_ms < ${endMs} ORDER BY begin_ms LIMIT ${limit})`
}

/**
 * One step of rolling all days again from their quarter hours: at most four days. While it is on
 * its way, ingest writes no day from the mark on and reports read quarter hours there; every step
 * moves the mark in the transaction that wrote its days.
 */
export function rerollDays({ engine, prisma }: Cellar, timezone: string): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    await lockRollups(engine, tx)
    const state = await tx.rollupState.findUniqueOrThrow({ where: { id: 1 } })
    if (state.timezone !== timezone) {
      await moveMark(tx, { timezone, rerollFromMs: await firstDay(tx, timezone) })
      return false
    }
    if (state.rerollFromMs === null) return true
    let fromMs = Number(state.rerollFromMs)
    for (let step = 0; step < daysInStep; step++) {
      const quarterMs = await findQuarter(tx, fromMs)
      if (quarterMs === null) {
        await tx.$executeRaw`DELETE FROM usage_rollups WHERE span = 'day' AND begin_ms >= ${fromMs}`
        await moveMark(tx, { timezone, rerollFromMs: null })
        return true
      }
      const toMs = nextDayBeginMs(quarterMs, timezone)
      await rollDay({ engine, tx, timezone, fromMs, toMs })
      fromMs = toMs
    }
    await moveMark(tx, { timezone, rerollFromMs: fromMs })
    return false
  }, transactionOptions)
}

async function moveMark(
  tx: Transaction,
  mark: { timezone: string; rerollFromMs: number | null },
): Promise<void> {
  await tx.rollupState.update({ where: { id: 1 }, data: mark })
}

/** The day of the oldest quarter hour; days that begin before it go, for no step would meet them. */
async function firstDay(tx: Transaction, timezone: string): Promise<number> {
  const firstMs = dayBeginMs((await findQuarter(tx, 0)) ?? 0, timezone)
  await tx.$executeRaw`DELETE FROM usage_rollups WHERE span = 'day' AND begin_ms < ${firstMs}`
  return firstMs
}

/** The first quarter hour from an instant on that has roll-ups. */
async function findQuarter(tx: Transaction, fromMs: number): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ begin: bigint | number | null }[]>`
    SELECT min(begin_ms) AS begin FROM usage_rollups
    WHERE span = 'quarter' AND begin_ms >= ${fromMs}`
  return row?.begin === null || row?.begin === undefined ? null : Number(row.begin)
}

/** Rolls the last day of a range in which no other day has quarter hours. */
async function rollDay(range: {
  engine: Cellar['engine']
  tx: Transaction
  timezone: string
  fromMs: number
  toMs: number
}): Promise<void> {
  const { engine, tx, timezone, fromMs, toMs } = range
  const begin = engine === 'sqlite' ? ['?1', '?2'] : ['$1', '$2']
  const quarters = await tx.$queryRawUnsafe<RollupRow[]>(
    `SELECT ${rollupSelection} FROM usage_rollups AS r
     WHERE r.span = 'quarter' AND r.begin_ms >= ${begin[0]} AND r.begin_ms < ${begin[1]}
     ORDER BY r.begin_ms`,
    fromMs,
    toMs,
  )
  const dayMs = dayBeginMs(toMs - 1, timezone)
  const rollups: RollupSet = new Map()
  for (const row of quarters) {
    const rollup = takeRollup(rollups, { ...placeOf(row), span: 'day', beginMs: dayMs })
    rollup.label = row.label
    mergeRowIntoRollup(rollup, row)
  }
  await tx.$executeRaw`DELETE FROM usage_rollups
    WHERE span = 'day' AND begin_ms >= ${fromMs} AND begin_ms < ${toMs}`
  await writeRollups(engine, tx, rollups)
}
