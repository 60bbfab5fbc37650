import { isDeepStrictEqual } from 'node:util'
import { newId } from '@/lib/core/ids'
import type { BackendInput } from '@/lib/schemas/entities'
import type { Cellar, Transaction } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { ifGiven, parseColumn, parseNullableColumn, renderNullableColumn } from '../columns'
import type { AuditEntry, Backend, BackendWithSealedCredential } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { alreadyExists, changedMeanwhile, inUse, notFound } from '../refusals'

type BackendFields = Omit<BackendInput, 'credential'>

export async function listBackends(cellar: Cellar): Promise<Backend[]> {
  return (await listBackendsWithSealedCredential(cellar)).map(withoutCredential)
}

export async function listBackendsWithSealedCredential({
  prisma,
}: Cellar): Promise<BackendWithSealedCredential[]> {
  const rows = await prisma.backend.findMany({ orderBy: { name: 'asc' } })
  return rows.map(toBackend)
}

export async function findBackendByName({ prisma }: Cellar, name: string): Promise<Backend | null> {
  const row = await prisma.backend.findUnique({ where: { name } })
  return row === null ? null : withoutCredential(toBackend(row))
}

export function createBackend(
  cellar: Cellar,
  input: BackendFields & { sealedCredential: string | null },
  audit: AuditEntry,
): Promise<Backend> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    await refuseTakenName(tx, input.name)
    const row = await tx.backend.create({
      data: {
        id: newId(),
        name: input.name,
        kind: input.kind,
        url: input.url,
        sealedCredential: input.sealedCredential,
        priority: input.priority,
        weight: input.weight,
        maxMemoryGb: input.maxMemoryGb,
        maxParallel: input.maxParallel,
        labels: JSON.stringify(input.labels),
        operations: renderNullableColumn(input.operations),
        models: JSON.stringify(input.models),
        requestsPerMinute: input.requestsPerMinute,
        healthMethod: input.healthMethod,
        healthPath: input.healthPath,
        enabled: input.enabled,
        draining: input.draining,
        createdAtMs: Date.now(),
      },
    })
    const after = withoutCredential(toBackend(row))
    return { result: after, before: null, after, targetId: after.id, targetName: after.name }
  })
}

export function updateBackend(
  cellar: Cellar,
  id: string,
  change: Partial<BackendFields> & { sealedCredential?: string | null },
  audit: AuditEntry,
  expected: Partial<Backend> = {},
): Promise<Backend> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const before = await getBackend(tx, id)
    if (!isAsExpected(before, expected)) throw changedMeanwhile('backend', before.name)
    if (change.name !== undefined && change.name !== before.name) {
      await refuseTakenName(tx, change.name)
    }
    const row = await tx.backend.update({
      where: { id },
      data: {
        name: change.name,
        kind: change.kind,
        url: change.url,
        sealedCredential: change.sealedCredential,
        priority: change.priority,
        weight: change.weight,
        maxMemoryGb: change.maxMemoryGb,
        maxParallel: change.maxParallel,
        labels: ifGiven(change.labels, JSON.stringify),
        operations: ifGiven(change.operations, renderNullableColumn),
        models: ifGiven(change.models, JSON.stringify),
        requestsPerMinute: change.requestsPerMinute,
        healthMethod: change.healthMethod,
        healthPath: change.healthPath,
        enabled: change.enabled,
        draining: change.draining,
      },
    })
    const after = withoutCredential(toBackend(row))
    const credentialChanged = change.sealedCredential !== undefined
    return {
      result: after,
      before,
      after: credentialChanged ? { ...after, credentialChanged } : after,
      targetId: id,
      targetName: after.name,
    }
  })
}

/** Refused while an assignment names the backend. */
export function removeBackend(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: 'config', audit }, async (tx) => {
    const before = await getBackend(tx, id)
    const assigned = await tx.assignment.findMany({ where: { backendId: id }, take: 5 })
    if (assigned.length > 0) {
      const models = assigned.map((assignment) => assignment.model).join(', ')
      throw inUse('backend', before.name, `models are assigned to it (${models})`)
    }
    await tx.backend.delete({ select: { id: true }, where: { id } })
    return { result: undefined, before, after: null, targetId: id, targetName: before.name }
  })
}

function toBackend(row: Prisma.BackendGetPayload<object>): BackendWithSealedCredential {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as BackendInput['kind'],
    url: row.url,
    priority: row.priority,
    weight: row.weight,
    maxMemoryGb: row.maxMemoryGb,
    maxParallel: row.maxParallel,
    labels: parseColumn(row.labels),
    operations: parseNullableColumn(row.operations),
    models: parseColumn(row.models),
    requestsPerMinute: row.requestsPerMinute,
    healthMethod: row.healthMethod === 'HEAD' ? 'HEAD' : 'GET',
    healthPath: row.healthPath,
    enabled: row.enabled,
    draining: row.draining,
    hasCredential: row.sealedCredential !== null,
    sealedCredential: row.sealedCredential,
  }
}

function withoutCredential(backend: BackendWithSealedCredential): Backend {
  const { sealedCredential: _, ...rest } = backend
  return rest
}

async function getBackend(tx: Transaction, id: string): Promise<Backend> {
  const row = await tx.backend.findUnique({ where: { id } })
  if (row === null) throw notFound('backend', id)
  return withoutCredential(toBackend(row))
}

function isAsExpected(before: Backend, expected: Partial<Backend>): boolean {
  const names = Object.keys(expected) as (keyof Backend)[]
  return names.every((name) => isDeepStrictEqual(before[name], expected[name]))
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.backend.count({ where: { name } })) > 0) throw alreadyExists('backend', name)
}
