import { newId } from '@/lib/core/ids'
import type { MemoryRuleInput } from '@/lib/schemas/entities'
import type { Cellar, Transaction } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import type { AuditEntry, MemoryRule } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { alreadyExists, notFound } from '../refusals'

/** In the order in which patterns are tried. */
export async function listMemoryRules({ prisma }: Cellar): Promise<MemoryRule[]> {
  const rows = await prisma.memoryRule.findMany({
    orderBy: inTurn,
  })
  return rows.map(toMemoryRule)
}

const inTurn = [
  { position: 'asc' },
  { createdAtMs: 'asc' },
  { id: 'asc' },
] satisfies Prisma.MemoryRuleOrderByWithRelationInput[]

export function createMemoryRule(
  cellar: Cellar,
  input: MemoryRuleInput,
  audit: AuditEntry,
): Promise<MemoryRule> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const { kind, match, gb, position } = input
    const taken = await tx.memoryRule.count({ where: { kind, match } })
    if (taken > 0) throw alreadyExists(`memory ${kind}`, match)
    const row = await tx.memoryRule.create({
      data: { id: newId(), kind, match, gb, position, createdAtMs: Date.now() },
    })
    const after = toMemoryRule(row)
    return { result: after, before: null, after, targetId: after.id, targetName: after.match }
  })
}

export function updateMemoryRule(
  cellar: Cellar,
  id: string,
  change: Partial<Pick<MemoryRuleInput, 'gb' | 'position'>>,
  audit: AuditEntry,
): Promise<MemoryRule> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const row = await tx.memoryRule.findUnique({ where: { id } })
    if (row === null) throw notFound('memory rule', id)
    const { gb, position } = change
    const before = toMemoryRule(row)
    const data = { ...(gb !== undefined && { gb }), ...(position !== undefined && { position }) }
    const after = toMemoryRule(await tx.memoryRule.update({ where: { id }, data }))
    return { result: after, before, after, targetId: id, targetName: after.match }
  })
}

/** Spread out, so that others fit between. */
export function orderMemoryRules(
  cellar: Cellar,
  ids: readonly string[],
  audit: AuditEntry,
): Promise<void> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const order = await listPatterns(tx)
    const known = new Set(order.map(({ id }) => id))
    const gone = ids.find((id) => !known.has(id))
    if (gone !== undefined) throw notFound('memory pattern', gone)
    for (const [index, id] of ids.entries()) {
      const position = (index + 1) * 10
      await tx.memoryRule.update({ select: { id: true }, where: { id }, data: { position } })
    }
    const told = (rows: { match: string }[]) => ({ patterns: rows.map(({ match }) => match) })
    return { result: undefined, before: told(order), after: told(await listPatterns(tx)) }
  })
}

function listPatterns(tx: Transaction): Promise<{ id: string; match: string }[]> {
  return tx.memoryRule.findMany({
    select: { id: true, match: true },
    where: { kind: 'pattern' },
    orderBy: inTurn,
  })
}

export function removeMemoryRule(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const row = await tx.memoryRule.findUnique({ where: { id } })
    if (row === null) throw notFound('memory rule', id)
    await tx.memoryRule.delete({ where: { id } })
    const before = toMemoryRule(row)
    return { result: undefined, before, after: null, targetId: id, targetName: before.match }
  })
}

function toMemoryRule(row: Prisma.MemoryRuleGetPayload<object>): MemoryRule {
  return {
    id: row.id,
    kind: row.kind === 'override' ? 'override' : 'pattern',
    match: row.match,
    gb: row.gb,
    position: row.position,
  }
}
