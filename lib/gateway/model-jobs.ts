import { type ModelActionResult, runModelAction } from '@/lib/backends/model-action'
import { log } from '@/lib/core/log'
import { waitUnlessAborted } from '@/lib/core/wait-unless-aborted'
import type { Database } from '@/lib/db/contract'
import type { ModelJobNews, ModelJobOrder, ModelJobProgress } from '@/lib/db/contract-duties'
import type { Gateway } from './gateway'

type Options = {
  database: Pick<Database, 'exchangeModelJobNews' | 'releaseModelJobs'>
  signal: AbortSignal
  /** How long a node that is silent keeps its jobs. */
  leaseMs?: number
}

/** Work on one backend of a job, under way or ended and not yet told. */
type Run = {
  jobId: string
  backendId: string
  abort: AbortController
  /** Its lease is another node's: what it did is not ours to tell. */
  lost: boolean
  progress: ModelJobProgress | null
  isNew: boolean
  /** On the monotonic clock. */
  toldAtMs: number
  ended: ModelJobNews['ended']
}

const everyMs = 500
const leaseMsDefault = 15_000
const perBackendMax = 2
const progressEveryMs = 1000

/**
 * F3: the duty that does model jobs. While some job is open anywhere, it tells its news and takes
 * its orders twice a second, in one transaction. Whoever dies leaves a lease that ends, and another
 * node goes on; whoever is stopped lets go at once.
 */
export function startModelJobs(gateway: Gateway, options: Options): { stopped: Promise<void> } {
  const { database, signal, leaseMs = leaseMsDefault } = options
  const runs = new Map<string, Run>()

  const beat = async () => {
    const nowMs = gateway.clock.monotonicMs()
    const telling = [...runs.values()].filter((run) => hasNews(run, nowMs))
    for (const run of telling) {
      run.isNew = false
      run.toldAtMs = nowMs
    }
    const news = telling.map(newsOf)
    const orders = await database.exchangeModelJobNews({
      nodeId: gateway.nodeId,
      nowMs: gateway.clock.nowMs(),
      leaseMs,
      perBackendMax,
      news,
    })
    for (const told of news) if (told.ended) runs.delete(nameOf(told))
    obey(orders)
  }

  const obey = (orders: ModelJobOrder[]) => {
    const held = new Set(orders.map(nameOf))
    for (const [name, run] of runs) {
      if (held.has(name)) continue
      run.lost = true
      run.abort.abort()
      runs.delete(name)
    }
    for (const order of orders) {
      const name = nameOf(order)
      const run = runs.get(name) ?? begin(order)
      runs.set(name, run)
      if (order.cancel) run.abort.abort()
    }
  }

  const begin = (order: ModelJobOrder): Run => {
    const { jobId, backendId } = order
    const abort = new AbortController()
    const run: Run = {
      jobId,
      backendId,
      abort,
      lost: false,
      progress: null,
      isNew: false,
      toldAtMs: Number.NEGATIVE_INFINITY,
      ended: null,
    }
    work(gateway, order, run)
      .then((result) => {
        run.ended = endingOf(result)
      })
      .catch((error) => {
        log.error({ err: error, jobId, backendId }, 'a model job failed inside the gateway')
        run.ended = { state: 'failed', error: 'failed inside the gateway; its log has the cause' }
      })
    return run
  }

  const repeat = async () => {
    while (await waitUnlessAborted(everyMs, signal)) {
      if (!gateway.openModelJobs && runs.size === 0) continue
      await beat().catch((error) => log.debug({ err: error }, 'model jobs could not be told'))
    }
    for (const run of runs.values()) run.abort.abort()
    await database.releaseModelJobs(gateway.nodeId).catch(() => {})
  }
  return { stopped: repeat() }
}

/** The backend's own answer, and its lists read again before anybody is told that it is done. */
async function work(
  gateway: Gateway,
  order: ModelJobOrder,
  run: Run,
): Promise<ModelActionResult | { kind: 'unhealthy' }> {
  const { fleet, dialer, snapshot, clock } = gateway
  const target = snapshot?.targets.get(order.backendId)
  if (!target) return { kind: 'failed', error: 'is not a server of this herd any more' }
  let isUnhealthy = false
  const leave = fleet.onUnhealthy(order.backendId, () => {
    isUnhealthy = true
    run.abort.abort()
  })
  try {
    const result = await runModelAction({
      dialer,
      target,
      action: order,
      signal: run.abort.signal,
      monotonicMs: clock.monotonicMs,
      onProgress(progress) {
        run.progress = progress
        run.isNew = true
      },
    })
    if (result.kind === 'done' && !run.lost) await refresh(gateway, order)
    return result.kind === 'aborted' && isUnhealthy ? { kind: 'unhealthy' } : result
  } finally {
    leave()
  }
}

async function refresh({ fleet }: Gateway, { kind, backendId }: ModelJobOrder): Promise<void> {
  if (kind !== 'pull' && kind !== 'copy') fleet.refreshLoaded(backendId)
  if (kind !== 'load' && kind !== 'unload') await fleet.refreshCatalogue(backendId)
}

function endingOf(result: ModelActionResult | { kind: 'unhealthy' }): ModelJobNews['ended'] {
  switch (result.kind) {
    case 'done':
      return { state: 'done', error: null }
    case 'aborted':
      return { state: 'cancelled', error: null }
    case 'unhealthy':
      return { state: 'failed', error: 'became unhealthy; resume the job when it is back' }
    case 'failed':
      return { state: 'failed', error: result.error }
  }
}

function hasNews(run: Run, nowMs: number): boolean {
  return run.ended !== null || (run.isNew && nowMs - run.toldAtMs >= progressEveryMs)
}

function newsOf({ jobId, backendId, progress, ended }: Run): ModelJobNews {
  return { jobId, backendId, progress, ended }
}

function nameOf({ jobId, backendId }: { jobId: string; backendId: string }): string {
  return `${jobId} ${backendId}`
}
