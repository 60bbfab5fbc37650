import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { parseColumn } from '../columns'
import type { AuditEntry } from '../contract'

export async function readSettings({ prisma }: Cellar): Promise<Record<string, unknown>> {
  const rows = await prisma.setting.findMany({ orderBy: { name: 'asc' } })
  return Object.fromEntries(rows.map((row) => [row.name, parseColumn<unknown>(row.value)]))
}

/** Before and after hold the changed names only; a name that is at its default is absent. */
export function writeSettings(
  cellar: Cellar,
  change: Record<string, unknown>,
  audit: AuditEntry,
): Promise<void> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const names = Object.keys(change)
    const rows = await tx.setting.findMany({ where: { name: { in: names } } })
    for (const [name, given] of Object.entries(change)) {
      if (given === null || given === undefined) {
        await tx.setting.deleteMany({ where: { name } })
        continue
      }
      const row = { value: JSON.stringify(given), updatedAtMs: Date.now() }
      await tx.setting.upsert({ where: { name }, create: { name, ...row }, update: row })
    }
    const before = Object.fromEntries(rows.map((row) => [row.name, parseColumn(row.value)]))
    const kept = Object.entries(change).filter(([, value]) => value !== null)
    return {
      result: undefined,
      before,
      after: Object.fromEntries(kept),
      targetName: names.join(', '),
    }
  })
}
