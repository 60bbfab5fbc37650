import { parseBackendUrl } from '@/lib/backends/backend-address'
import { CorralError } from '@/lib/core/errors'
import { sealSecret } from '@/lib/core/seal'
import type { Backend } from '@/lib/db/contract'
import { type BackendInput, backendInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { parseChange, parseInput } from './parse-input'
import { assertModelRules } from './patterns'
import { assertAllowed, canManageBackends, canReadEverything } from './permissions'

export type BackendFields = Partial<Record<keyof BackendInput, unknown>>

export async function listBackends(context: AdminContext): Promise<Backend[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  return context.database.listBackends()
}

/** The credential is sealed before it reaches the database, and is never read back by a verb. */
export async function createBackend(context: AdminContext, input: BackendFields): Promise<Backend> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const { credential, ...parsed } = parseInput(backendInputSchema, input)
  assertModelRules(parsed.models)
  return context.database.createBackend(
    {
      ...parsed,
      url: plainUrl(parsed.url),
      sealedCredential: credential === null ? null : sealSecret(credential, context.sealKey),
    },
    auditEntry(context.actor, { action: 'backend.create', kind: 'backend', name: parsed.name }),
  )
}

/**
 * `credential: null` forgets the stored one; left out, it stays. Throws `admin.changed_meanwhile`
 * where a field is by now otherwise than `expected`.
 */
export async function updateBackend(
  context: AdminContext,
  name: string,
  change: BackendFields,
  expected: Partial<Backend> = {},
): Promise<Backend> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const { credential, ...parsed } = parseChange(backendInputSchema, change)
  if (parsed.models !== undefined) assertModelRules(parsed.models)
  if (parsed.url !== undefined) parsed.url = plainUrl(parsed.url)
  const backend = await getBackendByName(context, name)
  return context.database.updateBackend(
    backend.id,
    credential === undefined
      ? parsed
      : { ...parsed, sealedCredential: credential && sealSecret(credential, context.sealKey) },
    backendEntry(context, backend, 'backend.update'),
    expected,
  )
}

/** No new work goes there; what is running finishes (E3). */
export async function drainBackend(context: AdminContext, name: string): Promise<Backend> {
  return setDraining(context, name, true)
}

export async function resumeBackend(context: AdminContext, name: string): Promise<Backend> {
  return setDraining(context, name, false)
}

/** Refused with `admin.in_use` while a model is assigned to it. */
export async function removeBackend(context: AdminContext, name: string): Promise<Backend> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const backend = await getBackendByName(context, name)
  await context.database.removeBackend(backend.id, backendEntry(context, backend, 'backend.remove'))
  return backend
}

export async function getBackendByName(context: AdminContext, name: string): Promise<Backend> {
  const backend = await context.database.findBackendByName(name)
  if (backend !== null) return backend
  throw new CorralError('admin.not_found', { params: { kind: 'backend', name } })
}

async function setDraining(
  context: AdminContext,
  name: string,
  draining: boolean,
): Promise<Backend> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const backend = await getBackendByName(context, name)
  const action = draining ? 'backend.drain' : 'backend.resume'
  const entry = backendEntry(context, backend, action)
  return context.database.updateBackend(backend.id, { draining }, entry)
}

function backendEntry(context: AdminContext, backend: Backend, action: string) {
  return auditEntry(context.actor, { action, kind: 'backend', id: backend.id, name: backend.name })
}

/** The address as it is dialled: no slash at the end, no `/v1`. Throws `admin.invalid_input`. */
function plainUrl(url: string): string {
  const { origin, basePath } = parseBackendUrl(url)
  return origin + basePath
}
