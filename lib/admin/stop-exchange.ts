import { CorralError, isCorralError } from '@/lib/core/errors'
import type { ExchangeReport } from '@/lib/db/contract'
import { type AdminContext, auditEntry } from './actor'
import { nodeSilentMs } from './fleet-health'
import { assertAllowed, canReadEverything, canStopRequestOf } from './permissions'

/**
 * Has every gateway end a request within a second: its stream with the dialect's own error, else
 * with 503 `gateway.stopped`. Throws `admin.not_found` where it is not in flight any more. A
 * request that is too young to stand in a node's report may be stopped by who may stop everyone's.
 */
export async function stopExchange(context: AdminContext, { id }: { id: string }): Promise<void> {
  const { actor, database, clock } = context
  const known = await findInFlight(context, id)
  // Who may not know of a request is not told that it exists.
  if (known === null && !canReadEverything(actor)) throw notInFlight(id)
  assertAllowed(canStopRequestOf(actor, known?.userId ?? null), 'operator')
  if (known === null && (!requestId.test(id) || (await database.findUsageRecord(id)) !== null)) {
    throw notInFlight(id)
  }
  await database.createStopRequest(
    {
      exchangeId: id,
      atMs: clock.nowMs(),
      requestedByUserId: actor.kind === 'user' ? actor.id : null,
    },
    auditEntry(actor, { action: 'request.stop', kind: 'request', id, name: known?.model ?? null }),
  )
}

/** What this user has in flight, as nodes told it last: at most the 100 oldest of each node. */
export async function listExchangesOf(
  { database, clock }: AdminContext,
  userId: string,
): Promise<ExchangeReport[]> {
  const nodes = await database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs })
  return nodes.flatMap((node) => node.exchanges ?? []).filter((one) => one.userId === userId)
}

/** Has every gateway end what this user has in flight. What has just ended by itself is left. */
export async function stopExchangesOf(context: AdminContext, userId: string): Promise<void> {
  for (const { id } of await listExchangesOf(context, userId)) {
    await stopExchange(context, { id }).catch((error: unknown) => {
      if (!isCorralError(error) || error.code !== 'admin.not_found') throw error
    })
  }
}

const requestId = /^req_[0-9A-HJKMNP-TV-Z]{26}$/

async function findInFlight(
  { actor, database, clock }: AdminContext,
  id: string,
): Promise<ExchangeReport | null> {
  const nodes = await database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs })
  const found = nodes.flatMap((node) => node.exchanges ?? []).find((one) => one.id === id)
  if (found === undefined) return null
  return canReadEverything(actor) || canStopRequestOf(actor, found.userId) ? found : null
}

function notInFlight(id: string): CorralError {
  return new CorralError('admin.not_found', { params: { kind: 'request in flight', name: id } })
}
