import { newId } from '@/lib/core/ids'
import type { AddressRuleInput } from '@/lib/schemas/entities'
import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import type { AddressRule, AuditEntry } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { alreadyExists, notFound } from '../refusals'

export async function listAddressRules({ prisma }: Cellar): Promise<AddressRule[]> {
  const rows = await prisma.addressRule.findMany({
    orderBy: [{ createdAtMs: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toAddressRule)
}

export function createAddressRule(
  cellar: Cellar,
  input: AddressRuleInput,
  audit: AuditEntry,
): Promise<AddressRule> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const { effect, network, note } = input
    const taken = await tx.addressRule.count({ where: { effect, network } })
    if (taken > 0) throw alreadyExists('address rule', `${effect} ${network}`)
    const row = await tx.addressRule.create({
      data: { id: newId(), effect, network, note, createdAtMs: Date.now() },
    })
    const after = toAddressRule(row)
    return { result: after, before: null, after, targetId: after.id, targetName: network }
  })
}

export function removeAddressRule(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const row = await tx.addressRule.findUnique({ where: { id } })
    if (row === null) throw notFound('address rule', id)
    await tx.addressRule.delete({ where: { id } })
    const before = toAddressRule(row)
    return { result: undefined, before, after: null, targetId: id, targetName: before.network }
  })
}

function toAddressRule(row: Prisma.AddressRuleGetPayload<object>): AddressRule {
  return {
    id: row.id,
    effect: row.effect === 'allow' ? 'allow' : 'deny',
    network: row.network,
    note: row.note,
  }
}
