import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { parseColumn } from '../columns'
import type { AuditEntry } from '../contract'
import { changedMeanwhile } from '../refusals'

export async function readSettings({ prisma }: Cellar): Promise<Record<string, unknown>> {
  const rows = await prisma.setting.findMany({ orderBy: { name: 'asc' } })
  return Object.fromEntries(rows.map((row) => [row.name, parseColumn<unknown>(row.value)]))
}

/** Who set what differs from its default, and when. */
export async function listSettingChanges({
  prisma,
}: Cellar): Promise<{ name: string; updatedAtMs: number; updatedBy: string | null }[]> {
  const select = { name: true, updatedAtMs: true, updatedBy: true }
  const rows = await prisma.setting.findMany({ select })
  return rows.map((row) => ({ ...row, updatedAtMs: Number(row.updatedAtMs) }))
}

/** Before and after hold the changed names only; a name that is at its default is absent. */
export function writeSettings(
  cellar: Cellar,
  change: Record<string, unknown>,
  audit: AuditEntry,
  expected: Record<string, number | null> = {},
): Promise<{ configRevision: number }> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const names = Object.keys(change)
    const rows = await tx.setting.findMany({ where: { name: { in: names } } })
    for (const [name, seenAtMs] of Object.entries(expected)) {
      const row = rows.find((one) => one.name === name)
      if ((row ? Number(row.updatedAtMs) : null) !== seenAtMs)
        throw changedMeanwhile('setting', name)
    }
    for (const [name, given] of Object.entries(change)) {
      if (given === null || given === undefined) {
        await tx.setting.deleteMany({ where: { name } })
        continue
      }
      const row = { value: JSON.stringify(given), updatedAtMs: Date.now(), updatedBy: audit.actor }
      await tx.setting.upsert({ where: { name }, create: { name, ...row }, update: row })
    }
    const before = Object.fromEntries(rows.map((row) => [row.name, told(parseColumn(row.value))]))
    const kept = Object.entries(change)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, told(value)])
    const { config } = await tx.revision.findUniqueOrThrow({ where: { id: 1 } })
    return {
      result: { configRevision: config },
      before,
      after: Object.fromEntries(kept),
      targetName: names.join(', '),
    }
  })
}

/** C7: of a sealed secret the audit says only that there is one. */
function told(value: unknown): unknown {
  const isSealed = typeof value === 'object' && value !== null && 'sealed' in value
  return isSealed ? 'sealed' : value
}
