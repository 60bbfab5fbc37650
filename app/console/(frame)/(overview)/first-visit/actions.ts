'use server'

import { createBackend } from '@/lib/admin/backends'
import { type BackendCheck, testBackend } from '@/lib/admin/check-backend'
import { createKey } from '@/lib/admin/keys'
import { assertAllowed, canManageBackends } from '@/lib/admin/permissions'
import { runVerb, type VerbResult } from '../../../run-verb'

const testTimeoutMs = 5000

/** What answers at an address, asked now; nothing is stored. */
export async function testAddress(input: {
  name: string
  url: string
}): Promise<VerbResult<{ check: BackendCheck }>> {
  return runVerb(async ({ actor, admin }) => {
    assertAllowed(canManageBackends(actor), 'operator')
    const check = await testBackend({
      name: String(input.name) || 'The server',
      url: String(input.url),
      kind: 'ollama',
      credential: null,
      timeoutMs: testTimeoutMs,
      signal: AbortSignal.timeout(2 * testTimeoutMs),
      clock: admin.clock,
    })
    return { check }
  })
}

export async function addServer(input: { name: string; url: string }): Promise<VerbResult> {
  return runVerb(async ({ admin }) => {
    await createBackend(admin, { name: input.name, url: input.url })
    return {}
  })
}

/** A key of one's own with the permissions of clients. The token is read this once. */
export async function makeKey(input: {
  name: string
}): Promise<VerbResult<{ token: string; prefix: string }>> {
  return runVerb(async ({ user, admin }) => {
    const { key, token } = await createKey(admin, { owner: user.name, name: input.name })
    return { token, prefix: key.prefix }
  })
}
