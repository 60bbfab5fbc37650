import { makeKeyToken } from '@/lib/auth/key-token'
import { CorralError } from '@/lib/core/errors'
import { defaultPermissions } from '@/lib/schemas/permissions'
import { type AdminContext, auditEntry } from './actor'
import { canUsePlayground } from './permissions'

export type PlaygroundKey = { token: string; expiresAtMs: number }

const lifeMs = 15 * 60_000

/**
 * A key of the one who looks at the playground, for 15 minutes. Each person has one such key with
 * a secret for each page that is open: their runs stand under one limit and one name in the log.
 */
export async function mintPlaygroundKey(context: AdminContext): Promise<PlaygroundKey> {
  const { actor, database, clock } = context
  if (actor.kind !== 'user' || !canUsePlayground(actor)) {
    throw new CorralError('admin.forbidden', { params: { role: 'member' } })
  }
  const keys = await database.listKeys({ ownerId: actor.id })
  const own = keys.find(({ purpose, state }) => purpose === 'playground' && state !== 'revoked')
  const { token, prefix, digest } = makeKeyToken(own && { prefix: own.prefix })
  const nowMs = clock.nowMs()
  const expiresAtMs = nowMs + lifeMs
  await database.mintPlaygroundSecret(
    {
      ownerId: actor.id,
      prefix,
      digest,
      permissions: [...defaultPermissions],
      nowMs,
      untilMs: expiresAtMs,
    },
    auditEntry(actor, { action: 'key.playground', kind: 'key', name: 'playground' }),
  )
  return { token, expiresAtMs }
}
