import { CorralError } from '@/lib/core/errors'
import type { Assignment } from '@/lib/db/contract'
import { assignmentInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { getBackendByName } from './backends'
import { parseInput } from './parse-input'
import { assertGlob } from './patterns'
import { assertAllowed, canManageModels, canReadEverything } from './permissions'

export async function listAssignments(context: AdminContext): Promise<Assignment[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  return context.database.listAssignments()
}

/** A model or glob that goes to one backend, before everything else (D6). */
export async function createAssignment(
  context: AdminContext,
  input: { model: unknown; backend: unknown },
): Promise<Assignment> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const parsed = parseInput(assignmentInputSchema, input)
  assertGlob(parsed.model, 'model')
  const backend = await getBackendByName(context, parsed.backend)
  const entry = { action: 'assignment.create', kind: 'assignment', name: parsed.model }
  return context.database.createAssignment(
    { model: parsed.model, backendId: backend.id },
    auditEntry(context.actor, entry),
  )
}

/** By its model or its id. Throws `admin.not_found`. */
export async function removeAssignment(
  context: AdminContext,
  reference: string,
): Promise<Assignment> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const all = await context.database.listAssignments()
  const found = all.find((one) => one.id === reference || one.model === reference)
  if (found === undefined) {
    throw new CorralError('admin.not_found', { params: { kind: 'assignment', name: reference } })
  }
  const entry = { action: 'assignment.remove', kind: 'assignment', id: found.id, name: found.model }
  await context.database.removeAssignment(found.id, auditEntry(context.actor, entry))
  return found
}
