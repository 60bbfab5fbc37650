import { CorralError } from '@/lib/core/errors'
import type { Frontend } from '@/lib/db/contract'
import { type FrontendInput, frontendInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { parseChange } from './parse-input'
import { assertNetwork } from './patterns'
import {
  assertAllowed,
  canManageFrontends,
  canManageSettings,
  canReadEverything,
} from './permissions'

export async function listFrontends(context: AdminContext): Promise<Frontend[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  return context.database.listFrontends()
}

/** Open or keyed (A8), strategy (D4), what an unknown model gets (D2), limits. */
export async function updateFrontend(
  context: AdminContext,
  name: string,
  change: Partial<Record<keyof FrontendInput, unknown>>,
): Promise<Frontend> {
  assertAllowed(canManageFrontends(context.actor), 'operator')
  const parsed = parseChange(frontendInputSchema, change)
  for (const network of parsed.openNetworks ?? []) assertNetwork(network, 'openNetworks')
  // Whose words are kept is for those who may read them.
  if (parsed.capture !== undefined) assertAllowed(canManageSettings(context.actor), 'admin')
  const all = await context.database.listFrontends()
  const frontend = all.find((one) => one.name === name)
  if (frontend === undefined) {
    throw new CorralError('admin.not_found', { params: { kind: 'frontend', name } })
  }
  const entry = { action: 'frontend.update', kind: 'frontend', id: frontend.id, name }
  return context.database.updateFrontend(frontend.id, parsed, auditEntry(context.actor, entry))
}
