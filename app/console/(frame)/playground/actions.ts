'use server'

import { runVerb, type VerbResult } from '@/app/console/run-verb'
import { mintPlaygroundKey } from '@/lib/admin/playground-key'

/** How long it lives, not until when: the clock of the browser may be another. */
export async function mintKeyAction(): Promise<VerbResult<{ token: string; livesMs: number }>> {
  return runVerb(async ({ admin }) => {
    const { token, expiresAtMs } = await mintPlaygroundKey(admin)
    return { token, livesMs: expiresAtMs - admin.clock.nowMs() }
  })
}
