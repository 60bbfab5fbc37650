'use server'

import { stopExchange } from '@/lib/admin/stop-exchange'
import { runVerb, type VerbResult } from '../../run-verb'

/** Ends a request that is in flight; its client reads that it was stopped. */
export async function stopRequest(id: string): Promise<VerbResult> {
  return runVerb(async ({ admin }) => {
    await stopExchange(admin, { id: String(id) })
    return {}
  })
}
