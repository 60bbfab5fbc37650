'use server'

import { findCapturedContent } from '@/lib/admin/captured-content'
import { runVerb, type VerbResult } from '../../run-verb'

/** Who reads what was asked stands in the audit log: so it is read when asked for. */
export async function readContent(
  requestId: string,
): Promise<VerbResult<{ content: Awaited<ReturnType<typeof findCapturedContent>> }>> {
  return runVerb(async ({ admin }) => ({
    content: await findCapturedContent(admin, String(requestId)),
  }))
}
