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
  for (const target of parsed.targets) {
    assertGlob(target, 'targets')
    if (/[*?]/.test(target)) {
      throw invalidInput(`targets: expected names of models without * and ?, got "${target}".`)
    }
  }
  const entry = { action: 'alias.create', kind: 'alias', name: parsed.alias }
  return context.database.createAlias(parsed, auditEntry(context.actor, entry))
}

/** By its name or its id. Throws `admin.not_found`. */
export async function removeAlias(context: AdminContext, reference: string): Promise<Alias> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const all = await context.database.listAliases()
  const found = all.find((one) => one.id === reference || one.alias === reference)
  if (found === undefined) {
    throw new CorralError('admin.not_found', { params: { kind: 'alias', name: reference } })
  }
  const entry = { action: 'alias.remove', kind: 'alias', id: found.id, name: found.alias }
  await context.database.removeAlias(found.id, auditEntry(context.actor, entry))
  return found
}
