import { type Cellar, type Statements, type Transaction, transactionOptions } from '../cellar'
import { parseNullableColumn } from '../columns'
import type { ModelJobKind, ModelJobNews, ModelJobOrder, ModelJobState } from '../contract-duties'

export const openStates: ModelJobState[] = ['queued', 'running']
const claimedAtOnceMax = 50

type Node = {
  nodeId: string
  nowMs: number
  leaseMs: number
  perBackendMax: number
  news: ModelJobNews[]
}

/**
 * One transaction, and nodes take turns: two of them never hold a job, nor run more on a backend
 * than it takes. A lease is renewed when a third of it is over.
 */
export function exchangeModelJobNews(cellar: Cellar, node: Node): Promise<ModelJobOrder[]> {
  return cellar.prisma.$transaction(async (tx) => {
    await lockModelJobs(cellar.engine, tx)
    await writeNews(tx, node)
    await renewLeases(tx, node)
    await claimJobs(tx, node)
    await beginWaiting(tx, node)
    return readOrders(tx, node)
  }, transactionOptions)
}

export async function releaseModelJobs({ prisma, engine }: Cellar, nodeId: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await lockModelJobs(engine, tx)
    const where = { leaseNode: nodeId, state: { in: openStates } }
    const jobs = await tx.modelJob.findMany({ select: { id: true }, where })
    await letWait(tx, jobs)
    await tx.modelJob.updateMany({ where, data: { leaseNode: null, leaseUntilMs: null } })
  }, transactionOptions)
}

/** SQLite's transactions take turns anyway. */
export async function lockModelJobs(
  engine: Cellar['engine'],
  tx: Pick<Statements, '$executeRawUnsafe'>,
): Promise<void> {
  if (engine === 'postgresql') await tx.$executeRawUnsafe('SELECT pg_advisory_xact_lock(726677259)')
}

/** A job is over when nothing of it waits or runs; the worst that happened is its state. */
export async function noteEndedJobs(
  tx: Transaction,
  ids: readonly string[],
  nowMs: number,
): Promise<void> {
  for (const id of ids) {
    const rows = await tx.modelJobBackend.findMany({
      select: { state: true },
      where: { jobId: id },
    })
    const states = rows.map((row) => row.state)
    if (states.some((state) => openStates.includes(state as ModelJobState))) continue
    const state = ['failed', 'cancelled'].find((one) => states.includes(one)) ?? 'done'
    await tx.modelJob.updateMany({
      where: { id, state: { in: openStates } },
      data: { state, endedAtMs: nowMs, updatedAtMs: nowMs, leaseNode: null, leaseUntilMs: null },
    })
  }
}

/** The lease is the right to write: what another node has taken over stays untouched. */
async function writeNews(tx: Transaction, { nodeId, nowMs, news }: Node): Promise<void> {
  const ended = new Set<string>()
  for (const { jobId, backendId, progress, ended: ending } of news) {
    const { count } = await tx.modelJobBackend.updateMany({
      where: { jobId, backendId, state: 'running', job: { leaseNode: nodeId } },
      data: {
        updatedAtMs: nowMs,
        ...(progress && { progress: JSON.stringify(progress) }),
        ...(ending && { state: ending.state, error: ending.error, endedAtMs: nowMs }),
      },
    })
    if (count > 0 && ending) ended.add(jobId)
  }
  await noteEndedJobs(tx, [...ended], nowMs)
}

async function renewLeases(tx: Transaction, { nodeId, nowMs, leaseMs }: Node): Promise<void> {
  await tx.modelJob.updateMany({
    where: {
      leaseNode: nodeId,
      state: { in: openStates },
      leaseUntilMs: { lt: nowMs + (leaseMs * 2) / 3 },
    },
    data: { leaseUntilMs: nowMs + leaseMs },
  })
}

/** What ran under a lease that ended was cut off with its node, and waits again. */
async function claimJobs(tx: Transaction, { nodeId, nowMs, leaseMs }: Node): Promise<void> {
  const jobs = await tx.modelJob.findMany({
    select: { id: true },
    where: {
      state: { in: openStates },
      OR: [{ leaseNode: null }, { leaseNode: { not: nodeId }, leaseUntilMs: { lt: nowMs } }],
    },
    orderBy: { id: 'asc' },
    take: claimedAtOnceMax,
  })
  if (jobs.length === 0) return
  await letWait(tx, jobs)
  await tx.modelJob.updateMany({
    where: { id: { in: jobs.map((job) => job.id) } },
    data: {
      leaseNode: nodeId,
      leaseUntilMs: nowMs + leaseMs,
      state: 'running',
      updatedAtMs: nowMs,
    },
  })
}

async function letWait(tx: Transaction, jobs: readonly { id: string }[]): Promise<void> {
  const jobId = { in: jobs.map((job) => job.id) }
  await tx.modelJobBackend.updateMany({
    where: { jobId, state: 'running' },
    data: { state: 'queued' },
  })
}

async function beginWaiting(tx: Transaction, node: Node): Promise<void> {
  const { nodeId, nowMs, perBackendMax } = node
  const waiting = await tx.modelJobBackend.findMany({
    select: { jobId: true, backendId: true, cancelRequested: true },
    where: { state: 'queued', job: { leaseNode: nodeId, state: { in: openStates } } },
    orderBy: { jobId: 'asc' },
  })
  if (waiting.length === 0) return
  const running = await tx.modelJobBackend.groupBy({
    by: ['backendId'],
    where: { state: 'running' },
    _count: { _all: true },
  })
  const busy = new Map(running.map((one) => [one.backendId, one._count._all]))
  for (const { jobId, backendId, cancelRequested } of waiting) {
    const where = { jobId_backendId: { jobId, backendId } }
    const select = { jobId: true }
    if (cancelRequested) {
      const data = { state: 'cancelled', endedAtMs: nowMs, updatedAtMs: nowMs }
      await tx.modelJobBackend.update({ select, where, data })
      await noteEndedJobs(tx, [jobId], nowMs)
      continue
    }
    const count = busy.get(backendId) ?? 0
    if (count >= perBackendMax) continue
    busy.set(backendId, count + 1)
    const data = {
      state: 'running',
      attempts: { increment: 1 },
      startedAtMs: nowMs,
      updatedAtMs: nowMs,
    }
    await tx.modelJobBackend.update({ select, where, data })
  }
}

async function readOrders(tx: Transaction, { nodeId }: Node): Promise<ModelJobOrder[]> {
  const rows = await tx.modelJobBackend.findMany({
    select: {
      jobId: true,
      backendId: true,
      cancelRequested: true,
      job: { select: { kind: true, model: true, targetName: true, options: true } },
    },
    where: { state: 'running', job: { leaseNode: nodeId } },
    orderBy: { jobId: 'asc' },
  })
  return rows.map(({ jobId, backendId, cancelRequested, job }) => ({
    jobId,
    backendId,
    cancel: cancelRequested,
    // Only what `createModelJob` wrote is read back.
    kind: job.kind as ModelJobKind,
    model: job.model,
    destination: job.targetName,
    keepAlive: keepAliveOf(job.options),
  }))
}

export function keepAliveOf(options: string | null): string | null {
  return parseNullableColumn<{ keepAlive?: string }>(options)?.keepAlive ?? null
}
