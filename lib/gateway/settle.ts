import type { AttemptOutcome } from '@/lib/backends/contract'
import { log, logPlainly } from '@/lib/core/log'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { endCapture } from './capture'
import type { Ending, Exchange } from './contract'
import { makeUsageRecord } from './make-usage-record'

/**
 * The one place where a request ends: the journal line is written, then what was taken is given
 * back and one log line says what happened. The second call does nothing.
 */
export function settle(exchange: Exchange, ending: Ending): void {
  if (exchange.settled) return
  exchange.settled = true
  const record = makeUsageRecord(exchange, ending)
  exchange.gateway.journal.append(record)
  // No answer waits for the rest: it comes behind the last byte, and before anything else is read.
  process.nextTick(giveBack, exchange, ending, record)
}

function giveBack(exchange: Exchange, ending: Ending, record: UsageRecord): void {
  exchange.seen?.remove()
  for (const release of exchange.releases) release()
  exchange.route?.lease?.finish(outcomeOf(exchange, ending))
  if (exchange.capture !== null) endCapture(exchange, exchange.capture)
  logExchange(record, ending)
}

/** Only what the backend did counts against it: a client that left says nothing. */
function outcomeOf(exchange: Exchange, ending: Ending): AttemptOutcome {
  switch (ending.kind) {
    case 'completed':
      if (ending.status >= 400) return { kind: 'neutral' }
      return {
        kind: 'answered',
        timeToFirstTokenMs: firstTokenAfterDialMs(exchange),
        ranModel: ranModel(exchange),
      }
    case 'broken':
      return { kind: 'failed', error: ending.errorText }
    case 'left':
    case 'stopped':
    case 'refused':
      return { kind: 'neutral' }
  }
}

/** Embeddings leave a model loaded as a generation does; an empty prompt may have unloaded it. */
function ranModel({ operation, call }: Exchange): boolean {
  const { group = null } = operation ?? {}
  return (group === 'inference' || group === 'embeddings') && call?.promptEmpty !== true
}

function firstTokenAfterDialMs(exchange: Exchange): number | null {
  const { firstTokenMs, route } = exchange
  if (firstTokenMs === null || !route) return null
  return firstTokenMs - route.dialledAtMs
}

function logExchange(record: UsageRecord, ending: Ending): void {
  const line = {
    requestId: record.id,
    keyPrefix: record.keyPrefix ?? undefined,
    method: record.method,
    path: record.path,
    model: record.modelServed ?? record.modelAsked ?? undefined,
    backend: record.backendName ?? undefined,
    status: record.status,
    code: record.errorCode ?? undefined,
    totalMs: record.totalMs,
    firstTokenMs: record.timeToFirstTokenMs ?? undefined,
    promptTokens: record.promptTokens ?? undefined,
    completionTokens: record.completionTokens ?? undefined,
    attempts: record.attempts,
  }
  const cause = 'cause' in ending ? ending.cause : undefined
  if (cause !== undefined && record.status >= 500) log.error({ ...line, err: cause }, 'request')
  else logPlainly(line, 'request')
}
