import { newId } from '@/lib/core/ids'
import type { AliasInput } from '@/lib/schemas/entities'
import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { parseColumn } from '../columns'
import type { Alias, AuditEntry } from '../contract'
import { alreadyExists, notFound } from '../refusals'

export async function listAliases({ prisma }: Cellar): Promise<Alias[]> {
  const rows = await prisma.alias.findMany({ orderBy: { alias: 'asc' } })
  return rows.map(toAlias)
}

export function createAlias(cellar: Cellar, input: AliasInput, audit: AuditEntry): Promise<Alias> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const taken = await tx.alias.count({ where: { alias: input.alias } })
    if (taken > 0) throw alreadyExists('alias', input.alias)
    const row = await tx.alias.create({
      data: {
        id: newId(),
        alias: input.alias,
        targets: JSON.stringify(input.targets),
        createdAtMs: Date.now(),
      },
    })
    const after = toAlias(row)
    return { result: after, before: null, after, targetId: after.id, targetName: after.alias }
  })
}

export function updateAlias(
  cellar: Cellar,
  id: string,
  change: Pick<AliasInput, 'targets'>,
  audit: AuditEntry,
): Promise<Alias> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const row = await tx.alias.findUnique({ where: { id } })
    if (row === null) throw notFound('alias', id)
    const targets = JSON.stringify(change.targets)
    const before = toAlias(row)
    const after = toAlias(await tx.alias.update({ where: { id }, data: { targets } }))
    return { result: after, before, after, targetId: id, targetName: after.alias }
  })
}

export function removeAlias(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const row = await tx.alias.findUnique({ where: { id } })
    if (row === null) throw notFound('alias', id)
    await tx.alias.delete({ where: { id } })
    const before = toAlias(row)
    return { result: undefined, before, after: null, targetId: id, targetName: before.alias }
  })
}

function toAlias(row: { id: string; alias: string; targets: string }): Alias {
  return { id: row.id, alias: row.alias, targets: parseColumn(row.targets) }
}
