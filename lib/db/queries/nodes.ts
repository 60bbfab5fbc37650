import type { Cellar } from '../cellar'
import { parseColumn } from '../columns'
import type { NodeReport } from '../contract'

const forgottenAfterMs = 24 * 3_600_000

export async function writeNodeReport({ prisma }: Cellar, report: NodeReport): Promise<void> {
  const row = { seenAtMs: report.seenAtMs, report: JSON.stringify(report) }
  await prisma.$executeRaw`INSERT INTO nodes (id, seen_at_ms, report)
    VALUES (${report.id}, ${row.seenAtMs}, ${row.report})
    ON CONFLICT (id) DO UPDATE SET seen_at_ms = excluded.seen_at_ms, report = excluded.report`
  const oldest = report.seenAtMs - forgottenAfterMs
  await prisma.$executeRaw`DELETE FROM nodes WHERE seen_at_ms < ${oldest}`
}

export async function listNodeReports(
  { prisma }: Cellar,
  filter: { seenSinceMs: number },
): Promise<NodeReport[]> {
  const rows = await prisma.node.findMany({
    where: { seenAtMs: { gte: filter.seenSinceMs } },
    orderBy: { id: 'asc' },
  })
  return rows.map((row) => parseColumn<NodeReport>(row.report))
}
