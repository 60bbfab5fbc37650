import type { Cellar } from '../cellar'
import type { UsageHit } from '../contract-reads'

const recordsMost = 100_000

/** One range of an index, bounded, and counted by who asked and what. */
export async function listUsageHits(
  { prisma, engine }: Cellar,
  filter: {
    backendId?: string
    modelServed?: string
    sinceMs: number
    untilMs: number
    recordsMax: number
  },
): Promise<{ hits: UsageHit[]; isWhole: boolean }> {
  const parameters: unknown[] = []
  const add = (value: unknown) => {
    parameters.push(value)
    return engine === 'sqlite' ? `?${parameters.length}` : `$${parameters.length}`
  }
  const conditions = [
    `started_at_ms >= ${Math.trunc(filter.sinceMs)}`,
    `started_at_ms < ${Math.trunc(filter.untilMs)}`,
    ...(filter.backendId === undefined ? [] : [`backend_id = ${add(filter.backendId)}`]),
    ...(filter.modelServed === undefined ? [] : [`model_served = ${add(filter.modelServed)}`]),
  ]
  const limit = Math.min(Math.max(1, Math.trunc(filter.recordsMax)), recordsMost)
  const rows = await prisma.$queryRawUnsafe<(UsageHit & { requests: number | bigint })[]>(
    `SELECT key_id AS "keyId", user_id AS "userId", model_asked AS "modelAsked",
       model_served AS "modelServed", count(*) AS "requests"
     FROM (SELECT key_id, user_id, model_asked, model_served FROM usage_records
       WHERE ${conditions.join(' AND ')} ORDER BY started_at_ms DESC LIMIT ${limit}) AS newest
     GROUP BY key_id, user_id, model_asked, model_served ORDER BY count(*) DESC`,
    ...parameters,
  )
  const hits = rows.map((row) => ({ ...row, requests: Number(row.requests) }))
  return { hits, isWhole: hits.reduce((sum, hit) => sum + hit.requests, 0) < limit }
}
