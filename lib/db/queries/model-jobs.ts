import { CorralError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import type { Cellar, Transaction } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { parseNullableColumn, toMs } from '../columns'
import type { AuditEntry } from '../contract'
import type { ModelJob, ModelJobKind, ModelJobState, NewModelJob } from '../contract-duties'
import type { Prisma } from '../generated/sqlite/client'
import { notFound } from '../refusals'
import { keepAliveOf, lockModelJobs, noteEndedJobs, openStates } from './model-job-news'

const openJobsMax = 200

export function createModelJob(
  cellar: Cellar,
  job: NewModelJob,
  audit: AuditEntry,
): Promise<ModelJob> {
  return changeJob(cellar, audit, async (tx) => {
    const open = await tx.modelJob.count({ where: { state: { in: openStates } } })
    if (open >= openJobsMax) throw tooManyOpen(open)
    const nowMs = Date.now()
    const { id } = await tx.modelJob.create({
      select: { id: true },
      data: {
        id: newId(nowMs),
        kind: job.kind,
        model: job.model,
        targetName: job.destination,
        options: job.keepAlive === null ? null : JSON.stringify({ keepAlive: job.keepAlive }),
        state: 'queued',
        cancelRequested: false,
        requestedBy: job.requestedBy,
        requestedByUserId: job.requestedByUserId,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        backends: {
          create: job.backends.map((backend) => ({
            backendId: backend.id,
            backendName: backend.name,
            state: 'queued',
            cancelRequested: false,
            attempts: 0,
            updatedAtMs: nowMs,
          })),
        },
      },
    })
    return { before: null, after: await getJob(tx, id) }
  })
}

export function cancelModelJob(
  cellar: Cellar,
  id: string,
  audit: AuditEntry,
  options: { backendIds?: string[] } = {},
): Promise<ModelJob> {
  return changeJob(cellar, audit, async (tx) => {
    const before = await getJob(tx, id)
    const nowMs = Date.now()
    const asked = { jobId: id, ...named(options.backendIds) }
    await tx.modelJobBackend.updateMany({
      where: { ...asked, state: 'queued' },
      data: { state: 'cancelled', endedAtMs: nowMs, updatedAtMs: nowMs },
    })
    await tx.modelJobBackend.updateMany({
      where: { ...asked, state: 'running' },
      data: { cancelRequested: true, updatedAtMs: nowMs },
    })
    await noteEndedJobs(tx, [id], nowMs)
    return { before, after: await getJob(tx, id) }
  })
}

export function resumeModelJob(
  cellar: Cellar,
  id: string,
  audit: AuditEntry,
  options: { backendIds?: string[] } = {},
): Promise<ModelJob> {
  return changeJob(cellar, audit, async (tx) => {
    const before = await getJob(tx, id)
    const nowMs = Date.now()
    const { count } = await tx.modelJobBackend.updateMany({
      where: { jobId: id, ...named(options.backendIds), state: { in: ['failed', 'cancelled'] } },
      data: {
        state: 'queued',
        cancelRequested: false,
        error: null,
        endedAtMs: null,
        updatedAtMs: nowMs,
      },
    })
    if (count > 0 && !openStates.includes(before.state)) {
      await tx.modelJob.update({
        select: { id: true },
        where: { id },
        data: { state: 'queued', endedAtMs: null, updatedAtMs: nowMs },
      })
    }
    return { before, after: await getJob(tx, id) }
  })
}

export async function findModelJob({ prisma }: Cellar, id: string): Promise<ModelJob | null> {
  const row = await prisma.modelJob.findUnique({ include, where: { id } })
  return row === null ? null : toModelJob(row)
}

export async function listModelJobs(
  { prisma }: Cellar,
  filter: { limit: number; beforeId?: string; open?: boolean },
): Promise<ModelJob[]> {
  const rows = await prisma.modelJob.findMany({
    include,
    // Ids are ordered by time.
    where: {
      ...(filter.beforeId !== undefined && { id: { lt: filter.beforeId } }),
      ...(filter.open === true && { state: { in: openStates } }),
    },
    orderBy: { id: 'desc' },
    take: filter.limit,
  })
  return rows.map(toModelJob)
}

export function pruneModelJobs(
  { prisma }: Cellar,
  { endedBeforeMs, limit }: { endedBeforeMs: number; limit: number },
): Promise<number> {
  return prisma.$executeRaw`DELETE FROM model_jobs WHERE id IN (
    SELECT id FROM model_jobs WHERE ended_at_ms < ${endedBeforeMs}
    ORDER BY created_at_ms LIMIT ${limit})`
}

/** Under the lock of the news, so that what a node tells and what a person asks take turns. */
function changeJob(
  cellar: Cellar,
  audit: AuditEntry,
  change: (tx: Transaction) => Promise<{ before: ModelJob | null; after: ModelJob }>,
): Promise<ModelJob> {
  return changeWithAudit(cellar, { raises: null, audit }, async (tx) => {
    await lockModelJobs(cellar.engine, tx)
    const { before, after } = await change(tx)
    return {
      result: after,
      before: before && told(before),
      after: told(after),
      targetId: after.id,
      targetName: after.model,
    }
  })
}

function tooManyOpen(count: number): CorralError {
  const problem = `${count} model jobs wait or run already. Cancel some, or wait for their end.`
  return new CorralError('admin.invalid_input', { params: { problem } })
}

/** The audit row says what was asked, not how far it has come. */
function told(job: ModelJob) {
  const backends = job.backends.map((one) => `${one.backendName}: ${one.state}`)
  const { kind, model, destination, keepAlive } = job
  return {
    kind,
    model,
    ...(destination !== null && { destination }),
    ...(keepAlive !== null && { keepAlive }),
    backends,
  }
}

function named(backendIds: string[] | undefined) {
  return backendIds === undefined ? {} : { backendId: { in: backendIds } }
}

const include = {
  backends: { orderBy: { backendName: 'asc' } },
} satisfies Prisma.ModelJobInclude

async function getJob(tx: Transaction, id: string): Promise<ModelJob> {
  const row = await tx.modelJob.findUnique({ include, where: { id } })
  if (row === null) throw notFound('job', id)
  return toModelJob(row)
}

function toModelJob(row: Prisma.ModelJobGetPayload<{ include: typeof include }>): ModelJob {
  return {
    id: row.id,
    // Only what this file wrote is read back.
    kind: row.kind as ModelJobKind,
    model: row.model,
    destination: row.targetName,
    keepAlive: keepAliveOf(row.options),
    state: row.state as ModelJobState,
    requestedBy: row.requestedBy,
    requestedByUserId: row.requestedByUserId,
    createdAtMs: Number(row.createdAtMs),
    updatedAtMs: Number(row.updatedAtMs),
    endedAtMs: toMs(row.endedAtMs),
    backends: row.backends.map((one) => ({
      backendId: one.backendId,
      backendName: one.backendName,
      state: one.state as ModelJobState,
      cancelRequested: one.cancelRequested,
      attempts: one.attempts,
      progress: parseNullableColumn(one.progress),
      error: one.error,
      startedAtMs: toMs(one.startedAtMs),
      updatedAtMs: Number(one.updatedAtMs),
      endedAtMs: toMs(one.endedAtMs),
    })),
  }
}
