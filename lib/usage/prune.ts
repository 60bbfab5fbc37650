import type { Clock } from '@/lib/core/clock'
import { waitUnlessAborted } from '@/lib/core/wait-unless-aborted'
import type { Database } from '@/lib/db/contract'

export type Retention = { recordsDays: number; rollupsDays: number; contentRetentionDays: number }
type PrunedDatabase = Pick<
  Database,
  'pruneUsageRecords' | 'pruneRollups' | 'pruneCapturedContent' | 'pruneModelJobs'
>

const dayMs = 86_400_000
const rowsInStep = 500
const stepsMax = 10_000
const jobsDays = 30

/**
 * Deletes what is older than its retention (H4) in steps of 500 rows, with a pause after each so
 * that ingest and readers come in between. Minutes go with the records: further back, reports are
 * made of quarter hours and days. Jobs that ended are kept for 30 days. Ends early when the
 * signal fires; returns the rows deleted.
 */
export async function pruneUsage(options: {
  db: PrunedDatabase
  retention: Retention
  nowMs: number
  pauseMs?: number
  signal: AbortSignal
}): Promise<{ records: number; rollups: number; content: number; jobs: number }> {
  const { db, retention, nowMs, pauseMs = 50, signal } = options
  const recordsEndMs = nowMs - retention.recordsDays * dayMs
  const rollupsEndMs = nowMs - retention.rollupsDays * dayMs
  const minutesEndMs = Math.max(recordsEndMs, rollupsEndMs)
  const inSteps = (step: () => Promise<number>) => repeatStep(step, { pauseMs, signal })
  const limit = rowsInStep
  const records = await inSteps(() => db.pruneUsageRecords({ olderThanMs: recordsEndMs, limit }))
  const minutes = await inSteps(() =>
    db.pruneRollups({ olderThanMs: minutesEndMs, limit, span: 'minute' }),
  )
  const longer = await inSteps(() => db.pruneRollups({ olderThanMs: rollupsEndMs, limit }))
  const contentEndMs = nowMs - retention.contentRetentionDays * dayMs
  const content = await inSteps(() => db.pruneCapturedContent({ olderThanMs: contentEndMs, limit }))
  const endedBeforeMs = nowMs - jobsDays * dayMs
  const jobs = await inSteps(() => db.pruneModelJobs({ endedBeforeMs, limit }))
  return { records, rollups: minutes + longer, content, jobs }
}

async function repeatStep(
  step: () => Promise<number>,
  { pauseMs, signal }: { pauseMs: number; signal: AbortSignal },
): Promise<number> {
  let rows = 0
  for (let count = 0; count < stepsMax && !signal.aborted; count++) {
    const deleted = await step()
    rows += deleted
    if (deleted < rowsInStep) break
    await waitUnlessAborted(pauseMs, signal)
  }
  return rows
}

const firstAfterMs = 60_000
const everyMs = 3_600_000

/** The duty that prunes a minute after the start and then each hour; a failure waits for the next. */
export function startPruning(options: {
  db: PrunedDatabase
  settings: () => Retention
  clock: Clock
  signal: AbortSignal
  onTrouble: (error: unknown) => void
}): { stopped: Promise<void> } {
  const { db, settings, clock, signal, onTrouble } = options
  async function repeat(): Promise<void> {
    let afterMs = firstAfterMs
    while (await waitUnlessAborted(afterMs, signal)) {
      afterMs = everyMs
      await pruneUsage({ db, retention: settings(), nowMs: clock.nowMs(), signal }).catch(onTrouble)
    }
  }
  return { stopped: repeat() }
}
