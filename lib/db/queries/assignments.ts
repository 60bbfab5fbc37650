import { newId } from '@/lib/core/ids'
import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import type { Assignment, AuditEntry } from '../contract'
import { alreadyExists, notFound } from '../refusals'

export async function listAssignments({ prisma }: Cellar): Promise<Assignment[]> {
  const rows = await prisma.assignment.findMany({ include, orderBy: { model: 'asc' } })
  return rows.map(toAssignment)
}

export function createAssignment(
  cellar: Cellar,
  input: { model: string; backendId: string },
  audit: AuditEntry,
): Promise<Assignment> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const backends = await tx.backend.count({ where: { id: input.backendId } })
    if (backends === 0) throw notFound('backend', input.backendId)
    const taken = await tx.assignment.count({ where: { model: input.model } })
    if (taken > 0) throw alreadyExists('assignment', input.model)
    const row = await tx.assignment.create({
      include,
      data: {
        id: newId(),
        model: input.model,
        backendId: input.backendId,
        createdAtMs: Date.now(),
      },
    })
    const after = toAssignment(row)
    return { result: after, before: null, after, targetId: after.id, targetName: after.model }
  })
}

export function removeAssignment(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const row = await tx.assignment.findUnique({ include, where: { id } })
    if (row === null) throw notFound('assignment', id)
    await tx.assignment.delete({ select: { id: true }, where: { id } })
    const before = toAssignment(row)
    return { result: undefined, before, after: null, targetId: id, targetName: before.model }
  })
}

const include = { backend: { select: { name: true } } }

type AssignmentRow = { id: string; model: string; backendId: string; backend: { name: string } }

function toAssignment(row: AssignmentRow): Assignment {
  return {
    id: row.id,
    model: row.model,
    backendId: row.backendId,
    backendName: row.backend.name,
  }
}
