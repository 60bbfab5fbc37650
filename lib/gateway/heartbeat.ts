import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { log } from '@/lib/core/log'
import { waitUnlessAborted } from '@/lib/core/wait-unless-aborted'
import type { Database, NodeReport } from '@/lib/db/contract'
import { exchangeReports } from './exchange-reports'
import type { Gateway } from './gateway'
import { type KeyUseWatch, watchKeyUses } from './key-use-reports'

type Options = {
  database: Database
  role: 'all' | 'gateway'
  version: string
  signal: AbortSignal
}

/**
 * Once a second this node writes about itself what the console shows: its backends, what is in
 * flight, what keys have used of their limits, how far the journal is behind. When a key was last
 * used goes along.
 */
export function startHeartbeat(gateway: Gateway, options: Options): { stopped: Promise<void> } {
  const startedAtMs = gateway.clock.nowMs()
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const keyUses = watchKeyUses(gateway)
  const beat = async () => {
    do await write(gateway, { ...options, startedAtMs, delay, keyUses })
    while (await waitUnlessAborted(1000, options.signal))
    delay.disable()
  }
  return { stopped: beat() }
}

async function write(
  gateway: Gateway,
  options: Options & { startedAtMs: number; delay: IntervalHistogram; keyUses: KeyUseWatch },
): Promise<void> {
  const { database } = options
  const uses = [...gateway.keyUses].map(([keyId, lastUsedAtMs]) => ({ keyId, lastUsedAtMs }))
  try {
    await database.writeNodeReport({
      ...nodeReport(gateway, options),
      keyUses: options.keyUses.look(uses.map((use) => use.keyId)),
    })
    if (uses.length > 0) await database.touchKeys(uses)
    for (const use of uses) {
      if (gateway.keyUses.get(use.keyId) === use.lastUsedAtMs) gateway.keyUses.delete(use.keyId)
    }
  } catch (error) {
    log.debug({ err: error }, 'the heartbeat could not be written')
  }
  options.delay.reset()
}

function nodeReport(
  gateway: Gateway,
  options: {
    role: 'all' | 'gateway'
    version: string
    startedAtMs: number
    delay: IntervalHistogram
  },
): NodeReport {
  return {
    id: gateway.nodeId,
    role: options.role,
    version: options.version,
    startedAtMs: options.startedAtMs,
    seenAtMs: gateway.clock.nowMs(),
    inFlight: gateway.inFlight.count(),
    journalLagRecords: gateway.journal.lagRecords(),
    eventLoopDelayMs: Math.round(options.delay.percentile(99) / 1e6),
    backends: gateway.fleet.reports(),
    exchanges: exchangeReports(gateway),
    ...(gateway.snapshot && { configRevision: gateway.snapshot.revision.config }),
  }
}
