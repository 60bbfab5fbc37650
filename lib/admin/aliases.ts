import { CorralError } from '@/lib/core/errors'
import type { Alias } from '@/lib/db/contract'
import { aliasInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { invalidInput, parseInput } from './parse-input'
import { assertGlob } from './patterns'
import { assertAllowed, canManageModels, canReadEverything } from './permissions'

export async function listAliases(context: AdminContext): Promise<Alias[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  return context.database.listAliases()
}

/** The alias may be a glob; its targets are plain names, tried in order (D1). */
export async function createAlias(
  context: AdminContext,
  input: { alias: unknown; targets: unknown },
): Promise<Alias> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const parsed = parseInput(aliasInputSchema, input)
  assertGlob(parsed.alias, 'alias')
  assertTargets(parsed.targets)
  const entry = { action: 'alias.create', kind: 'alias', name: parsed.alias }
  return context.database.createAlias(parsed, auditEntry(context.actor, entry))
}

/** Its targets, in the order in which they are tried; by its name or its id. */
export async function updateAlias(
  context: AdminContext,
  reference: string,
  change: { targets: unknown },
): Promise<Alias> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const found = await getAlias(context, reference)
  const { targets } = parseInput(aliasInputSchema.pick({ targets: true }), change)
  assertTargets(targets)
  const entry = { action: 'alias.update', kind: 'alias', id: found.id, name: found.alias }
  return context.database.updateAlias(found.id, { targets }, auditEntry(context.actor, entry))
}

/** By its name or its id. Throws `admin.not_found`. */
export async function removeAlias(context: AdminContext, reference: string): Promise<Alias> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const found = await getAlias(context, reference)
  const entry = { action: 'alias.remove', kind: 'alias', id: found.id, name: found.alias }
  await context.database.removeAlias(found.id, auditEntry(context.actor, entry))
  return found
}

async function getAlias({ database }: AdminContext, reference: string): Promise<Alias> {
  const all = await database.listAliases()
  const found = all.find((one) => one.id === reference || one.alias === reference)
  if (found !== undefined) return found
  throw new CorralError('admin.not_found', { params: { kind: 'alias', name: reference } })
}

function assertTargets(targets: readonly string[]): void {
  for (const target of targets) {
    assertGlob(target, 'targets')
    if (/[*?]/.test(target)) {
      throw invalidInput(`targets: expected names of models without * and ?, got "${target}".`)
    }
  }
}
