'use server'

import { revalidatePath } from 'next/cache'
import { runVerb, type VerbResult } from '@/app/console/run-verb'
import { type BlastRadius, blastRadius } from '@/lib/admin/blast-radius'
import {
  createKey,
  disableKey,
  enableKey,
  type KeyFields,
  revokeKey,
  rotateKey,
  updateKey,
} from '@/lib/admin/keys'

/** A key as it is shown once; it is never read again. */
export type ShownKey = { id: string; name: string; prefix: string; token: string }

/** Dates cross as milliseconds. */
export type KeyChange = Omit<KeyFields, 'expiresAt'> & { expiresAtMs?: number | null }

const bulkMax = 200

/** Without an owner it is one's own. */
export async function createKeyAction(
  change: KeyChange & { owner?: string },
): Promise<VerbResult<{ shown: ShownKey }>> {
  const result = await runVerb(async ({ admin, user }) => {
    const { owner = user.id, ...fields } = change
    const { key, token } = await createKey(admin, { owner, ...toFields(fields) })
    return { shown: { id: key.id, name: key.name, prefix: key.prefix, token } }
  })
  if (result.ok) revalidatePath('/console/keys')
  return result
}

export async function updateKeyAction(id: string, change: KeyChange): Promise<VerbResult> {
  return changed(
    id,
    await runVerb(async ({ admin }) => done(updateKey(admin, id, toFields(change)))),
  )
}

export async function disableKeysAction(ids: string[]): Promise<VerbResult> {
  return changed(ids[0], await forEach(ids, ({ admin }, id) => disableKey(admin, id)))
}

export async function enableKeysAction(ids: string[]): Promise<VerbResult> {
  return changed(ids[0], await forEach(ids, ({ admin }, id) => enableKey(admin, id)))
}

export async function revokeKeyAction(id: string): Promise<VerbResult> {
  return changed(id, await runVerb(async ({ admin }) => done(revokeKey(admin, id))))
}

/** New secrets; the old ones work for the grace. */
export async function rotateKeysAction(
  ids: string[],
  graceSeconds: number,
): Promise<VerbResult<{ shown: ShownKey[]; graceUntilMs: number }>> {
  const result = await runVerb(async ({ admin }) => {
    const shown: ShownKey[] = []
    let graceUntilMs = 0
    for (const id of ids.slice(0, bulkMax)) {
      const rotated = await rotateKey(admin, id, { graceSeconds })
      const { key, token } = rotated
      graceUntilMs = rotated.graceUntilMs
      shown.push({ id: key.id, name: key.name, prefix: key.prefix, token })
    }
    return { shown, graceUntilMs }
  })
  if (result.ok) for (const id of ids) revalidatePath(`/console/keys/${id}`)
  return result
}

/** Whom it hits when a key works no more. */
export async function findBlastRadiusAction(
  id: string,
): Promise<VerbResult<Pick<BlastRadius, 'facts' | 'isHarmless'>>> {
  return runVerb(async ({ admin }) => {
    const { facts, isHarmless } = await blastRadius(admin, { keyId: id })
    return { facts, isHarmless }
  })
}

function toFields({ expiresAtMs, ...fields }: KeyChange): KeyFields {
  if (expiresAtMs === undefined) return fields
  return { ...fields, expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs) }
}

async function forEach(
  ids: string[],
  act: (session: Parameters<Parameters<typeof runVerb>[0]>[0], id: string) => Promise<unknown>,
): Promise<VerbResult> {
  return runVerb(async (session) => {
    for (const id of ids.slice(0, bulkMax)) await act(session, id)
    return {}
  })
}

async function done(act: Promise<unknown>): Promise<object> {
  await act
  return {}
}

function changed(id: string | undefined, result: VerbResult): VerbResult {
  if (result.ok) revalidatePath(id === undefined ? '/console/keys' : `/console/keys/${id}`)
  return result
}
