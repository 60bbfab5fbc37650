import { newId } from '@/lib/core/ids'
import { type FrontendInput, frontendInputSchema } from '@/lib/schemas/entities'
import { type Cellar, transactionOptions } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { ifGiven, parseColumn, parseNullableColumn, renderNullableColumn } from '../columns'
import type { AuditEntry, Frontend } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { alreadyExists, notFound } from '../refusals'

export async function listFrontends({ prisma }: Cellar): Promise<Frontend[]> {
  const rows = await prisma.frontend.findMany({ orderBy: { name: 'asc' } })
  return rows.map(toFrontend)
}

export function updateFrontend(
  cellar: Cellar,
  id: string,
  change: Partial<FrontendInput>,
  audit: AuditEntry,
): Promise<Frontend> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const found = await tx.frontend.findUnique({ where: { id } })
    if (found === null) throw notFound('frontend', id)
    const before = toFrontend(found)
    if (change.name !== undefined && change.name !== before.name) {
      const taken = await tx.frontend.count({ where: { name: change.name } })
      if (taken > 0) throw alreadyExists('frontend', change.name)
    }
    const row = await tx.frontend.update({
      where: { id },
      data: {
        name: change.name,
        strategy: change.strategy,
        unknownModel: change.unknownModel,
        access: change.access,
        openNetworks: ifGiven(change.openNetworks, JSON.stringify),
        anonymousRateLimit: ifGiven(change.anonymousRateLimit, renderNullableColumn),
        rateLimit: ifGiven(change.rateLimit, renderNullableColumn),
        capture: change.capture,
      },
    })
    const after = toFrontend(row)
    return { result: after, before, after, targetId: id, targetName: after.name }
  })
}

/** The default frontend, made when there is none: keyed, warm-first, named `default`. */
export async function ensureDefaultFrontend({ prisma }: Cellar): Promise<Frontend> {
  const where = { isDefault: true }
  const found = await prisma.frontend.findFirst({ where })
  if (found !== null) return toFrontend(found)
  return prisma.$transaction(async (tx) => {
    await tx.revision.update({ where: { id: 1 }, data: { config: { increment: 1 } } })
    const made = await tx.frontend.findFirst({ where })
    if (made !== null) return toFrontend(made)
    const input = frontendInputSchema.parse({ name: 'default' })
    const row = await tx.frontend.create({
      data: {
        id: newId(),
        isDefault: true,
        ...input,
        openNetworks: JSON.stringify(input.openNetworks),
        anonymousRateLimit: renderNullableColumn(input.anonymousRateLimit),
        rateLimit: renderNullableColumn(input.rateLimit),
        createdAtMs: Date.now(),
      },
    })
    return toFrontend(row)
  }, transactionOptions)
}

function toFrontend(row: Prisma.FrontendGetPayload<object>): Frontend {
  return {
    id: row.id,
    name: row.name,
    isDefault: row.isDefault,
    strategy: row.strategy as FrontendInput['strategy'],
    unknownModel: row.unknownModel === 'any' ? 'any' : '404',
    access: row.access === 'open' ? 'open' : 'keyed',
    openNetworks: parseColumn(row.openNetworks),
    anonymousRateLimit: parseNullableColumn(row.anonymousRateLimit),
    rateLimit: parseNullableColumn(row.rateLimit),
    capture: row.capture,
  }
}
