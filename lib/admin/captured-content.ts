import type { CapturedContent } from '@/lib/db/contract-duties'
import { type AdminContext, auditEntry } from './actor'
import { assertAllowed, canReadContentOf } from './permissions'

/** Whether something is kept that this person may read. Looking for it is not reading. */
export async function hasCapturedContent(
  { actor, database }: AdminContext,
  record: { id: string; userId: string | null },
): Promise<boolean> {
  return canReadContentOf(actor, record.userId) && database.hasCapturedContent(record.id)
}

/**
 * What was asked and answered, where capture was on (H2): for admins and for the owner of the key.
 * Null where nothing is kept. Each reading stands in the audit log as `content.read`.
 */
export async function findCapturedContent(
  context: AdminContext,
  requestId: string,
): Promise<CapturedContent | null> {
  const { actor, database } = context
  const record = await database.findUsageRecord(requestId)
  assertAllowed(canReadContentOf(actor, record?.userId ?? null), 'admin')
  const name = record?.modelServed ?? record?.modelAsked ?? null
  const entry = { action: 'content.read', kind: 'request', id: requestId, name }
  return database.readCapturedContent(requestId, auditEntry(actor, entry))
}
