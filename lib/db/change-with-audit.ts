import { type Cellar, type Transaction, transactionOptions } from './cellar'
import type { AuditEntry } from './contract'

export type Change<T> = {
  result: T
  /** What it was and is, without secrets; null where there was or is nothing. */
  before: unknown
  after: unknown
  targetId?: string
  targetName?: string
}

/**
 * A change, its audit row and the new revision in one transaction. The revision comes first: its
 * row is the lock behind which changes take turns, so what a change checks stays true. What no
 * gateway needs to hear of raises none.
 */
export function changeWithAudit<T>(
  cellar: Cellar,
  { raises, audit }: { raises: 'config' | 'keys' | null; audit: AuditEntry },
  change: (tx: Transaction) => Promise<Change<T>>,
): Promise<T> {
  return cellar.prisma.$transaction(async (tx) => {
    if (raises) {
      await tx.revision.update({ where: { id: 1 }, data: { [raises]: { increment: 1 } } })
    }
    const { result, before, after, targetId, targetName } = await change(tx)
    await tx.audit.create({
      data: {
        atMs: BigInt(Date.now()),
        ...audit,
        targetId: audit.targetId ?? targetId ?? null,
        targetName: audit.targetName ?? targetName ?? null,
        before: before === null ? null : JSON.stringify(before),
        after: after === null ? null : JSON.stringify(after),
      },
    })
    return result
  }, transactionOptions)
}
