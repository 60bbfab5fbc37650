import { setTimeout as wait } from 'node:timers/promises'
import type { Contestant } from './contestants'
import type { Load } from './load-process'
import type { Gauge } from './measured-process'

export type Plan = {
  starts: number
  /** In each start. */
  rounds: number
  warmUpRequests: number
  warmUpMsMax: number
  requestsMs: number
  /**
   * How long a process may put work off at least, before it counts as done; and how long many
   * streams flow before they are measured.
   */
  settleMs: number
  connections: number
  latencyMs: number
  /** In each round: a machine's calm comes and goes by tenths of a second, and a p99 shows it most. */
  latencyTurns: number
  chunkStreams: number
  chunkFlushMs: number
  chunksMs: number
  /** How long streams open, and flow on when all is measured. */
  rampMs: number
  manyRounds: number
  manyWarmUpRequests: number
  manyStreams: number
  manyFlushMs: number
  manyMs: number
}

/** One measurement of one contestant; what is not measured is left out. */
export type Sample = {
  requestsPerSecond?: number
  cpuUsPerRequest?: number
  latencyP50Ms?: number
  latencyP99Ms?: number
  cpuUsPerChunk?: number
  bytesPerStream?: number
  addedGapP99Ms?: number
  errors: number
}

const settleMsMax = 8000
const settleStepMs = 250
const idleShare = 0.03

/** Enough requests for the compiler to have done its work. */
export async function warmUp(load: Load, { target }: Contestant, plan: Plan): Promise<Sample> {
  const { errors } = await load.requests({
    target,
    connections: plan.connections,
    requestsMax: plan.warmUpRequests,
    durationMsMax: plan.warmUpMsMax,
  })
  return { errors }
}

/** Small requests over many connections, each with the next as soon as the last is answered. */
export async function measureRequests(
  load: Load,
  { target, process }: Contestant,
  plan: Plan,
): Promise<Sample> {
  const before = await process?.gauge()
  const result = await load.requests({
    target,
    connections: plan.connections,
    requestsMax: Number.MAX_SAFE_INTEGER,
    durationMsMax: plan.requestsMs,
  })
  const sample = {
    requestsPerSecond: result.requests / result.seconds,
    errors: result.errors,
  }
  if (!process || !before) return sample
  const after = await untilIdle(process, plan.settleMs)
  return { ...sample, cpuUsPerRequest: (after.cpuUs - before.cpuUs) / result.requests }
}

/** What a process puts off (a journal that is carried into a database) is its work too. */
async function untilIdle(process: { gauge(): Promise<Gauge> }, settleMs: number): Promise<Gauge> {
  await wait(settleMs)
  let last = await process.gauge()
  for (let waitedMs = settleMs; waitedMs < settleMsMax; waitedMs += settleStepMs) {
    await wait(settleStepMs)
    const now = await process.gauge()
    if (now.cpuUs - last.cpuUs < settleStepMs * 1000 * idleShare) return now
    last = now
  }
  return last
}

export async function measureLatency(
  load: Load,
  { target, process }: Contestant,
  plan: Plan,
): Promise<Sample> {
  const result = await load.requests({
    target,
    connections: 1,
    requestsMax: Number.MAX_SAFE_INTEGER,
    durationMsMax: plan.latencyMs,
  })
  // What it puts off must not disturb whose turn is next.
  if (process) await untilIdle(process, plan.settleMs)
  return { latencyP50Ms: result.p50Ms, latencyP99Ms: result.p99Ms, errors: result.errors }
}

/** Streams that flush often, measured while all of them flow. */
export async function measureChunks(
  load: Load,
  { target, process }: Contestant,
  plan: Plan,
): Promise<Sample> {
  if (!process) return { errors: 0 }
  const { rampMs } = plan
  const flushes = Math.ceil((plan.chunksMs + 3 * rampMs) / plan.chunkFlushMs)
  const streams = load.streams({
    target,
    streams: plan.chunkStreams,
    flushes,
    flushMs: plan.chunkFlushMs,
    rampMs,
  })
  await streams.flowing
  const [before, from] = await Promise.all([process.gauge(), streams.mark()])
  await wait(plan.chunksMs)
  const [after, to] = await Promise.all([process.gauge(), streams.mark()])
  const { errors } = await streams.ended
  return { cpuUsPerChunk: (after.cpuUs - before.cpuUs) / (to.chunks - from.chunks), errors }
}

/** Many slow streams at once, of a process that was started for them. */
export async function measureMany(load: Load, contestant: Contestant, plan: Plan): Promise<Sample> {
  const { target, process } = contestant
  await warmUp(load, contestant, { ...plan, warmUpRequests: plan.manyWarmUpRequests })
  const before = await process?.gauge({ collect: true })
  const rampMs = 3 * plan.rampMs
  const flushes = Math.ceil((plan.settleMs + plan.manyMs + 2 * rampMs) / plan.manyFlushMs)
  const streams = load.streams({
    target,
    streams: plan.manyStreams,
    flushes,
    flushMs: plan.manyFlushMs,
    rampMs,
  })
  await streams.flowing
  await wait(plan.settleMs)
  await streams.mark()
  await wait(plan.manyMs)
  // Before the collection that is asked for: it halts a process as nothing in its life would.
  const { addedGapP99Ms } = await streams.mark()
  const after = await process?.gauge({ collect: true })
  const { errors } = await streams.ended
  if (!before || !after) return { addedGapP99Ms, errors }
  return {
    addedGapP99Ms,
    bytesPerStream: (after.rssBytes - before.rssBytes) / plan.manyStreams,
    errors,
  }
}
