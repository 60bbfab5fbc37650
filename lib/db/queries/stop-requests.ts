import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import type { AuditEntry } from '../contract'
import type { Changes } from '../contract-duties'

const heardMs = 10 * 60_000

/** Two small tables and an index, in one statement: gateways ask this several times a second. */
export async function readChanges({ prisma }: Cellar): Promise<Changes> {
  const rows = await prisma.$queryRawUnsafe<
    { config: number; keys: number; jobs: number | bigint; exchangeId: string | null }[]
  >(
    `SELECT r.config, r.keys, s.exchange_id AS "exchangeId",
     CASE WHEN EXISTS (SELECT 1 FROM model_jobs WHERE state IN ('queued', 'running'))
     THEN 1 ELSE 0 END AS jobs
     FROM revision AS r LEFT JOIN stop_requests AS s ON s.at_ms > $1 WHERE r.id = 1`,
    Date.now() - heardMs,
  )
  const [first] = rows
  if (!first) throw new Error('the row of the revision is gone')
  return {
    config: Number(first.config),
    keys: Number(first.keys),
    stops: rows.flatMap((row) => row.exchangeId ?? []),
    openModelJobs: Number(first.jobs) === 1,
  }
}

export function createStopRequest(
  cellar: Cellar,
  stop: { exchangeId: string; atMs: number; requestedByUserId: string | null },
  audit: AuditEntry,
): Promise<void> {
  return changeWithAudit(cellar, { raises: null, audit }, async (tx) => {
    await tx.stopRequest.deleteMany({ where: { atMs: { lt: stop.atMs - heardMs } } })
    await tx.stopRequest.upsert({
      select: { exchangeId: true },
      where: { exchangeId: stop.exchangeId },
      create: { ...stop, requestedBy: audit.actor },
      update: { atMs: stop.atMs },
    })
    return { result: undefined, before: null, after: null, targetId: stop.exchangeId }
  })
}
