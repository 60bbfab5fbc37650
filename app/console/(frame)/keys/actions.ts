'use server'

import { revalidatePath } from 'next/cache'
import { runVerb, tellProblem, type VerbResult } from '@/app/console/run-verb'
import { type BlastRadius, blastRadius } from '@/lib/admin/blast-radius'
import { createKey, type KeyFields, revokeKey, updateKey } from '@/lib/admin/keys'
import { disableKeys, enableKeys, type ManyDone, rotateKeys } from '@/lib/admin/many-keys'
import { keyRowsMax } from '@/lib/ui/key-list'

/** A key as it is shown once; it is never read again. */
export type ShownKey = { id: string; name: string; prefix: string; token: string }

/** Dates cross as milliseconds. */
export type KeyChange = Omit<KeyFields, 'expiresAt'> & { expiresAtMs?: number | null }

/** Without an owner it is one's own. */
export async function createKeyAction(
  change: KeyChange & { owner?: string },
): Promise<VerbResult<{ shown: ShownKey }>> {
  const result = await runVerb(async ({ admin, user }) => {
    const { owner = user.id, ...fields } = change
    const { key, token } = await createKey(admin, { owner, ...toFields(fields) })
    return { shown: toShown(key, token) }
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

/** What was done to several, and why it was not done to the others. */
export type ManyKeys = { ids: string[]; rest: { count: number; problem: string } | null }

export async function disableKeysAction(ids: string[]): Promise<VerbResult<ManyKeys>> {
  const result = await runVerb(async ({ admin }) => tellMany(await disableKeys(admin, ids)))
  revalidateKeys(ids)
  return result
}

export async function enableKeysAction(ids: string[]): Promise<VerbResult<ManyKeys>> {
  const result = await runVerb(async ({ admin }) => tellMany(await enableKeys(admin, ids)))
  revalidateKeys(ids)
  return result
}

export async function revokeKeyAction(id: string): Promise<VerbResult> {
  return changed(id, await runVerb(async ({ admin }) => done(revokeKey(admin, id))))
}

/** New secrets; the old ones work for the grace. Those that were made are shown in any case. */
export async function rotateKeysAction(
  ids: string[],
  graceSeconds: number,
): Promise<VerbResult<{ shown: ShownKey[]; rest: ManyKeys['rest'] }>> {
  const result = await runVerb(async ({ admin }) => {
    const { done, ...others } = await rotateKeys(admin, ids, { graceSeconds })
    const shown = done.map(({ key, token }) => toShown(key, token))
    return { shown, rest: tellRest(others) }
  })
  revalidateKeys(ids)
  return result
}

/** Whom it hits when these secrets work no more; they may be more than an address holds. */
export async function findBlastRadiusAction(
  ids: string[],
): Promise<VerbResult<Pick<BlastRadius, 'facts' | 'isHarmless'>>> {
  return runVerb(async ({ admin }) => {
    const keyIds = ids.slice(0, keyRowsMax)
    const { facts, isHarmless } = await blastRadius(admin, { keyIds })
    return { facts, isHarmless }
  })
}

function toFields({ expiresAtMs, ...fields }: KeyChange): KeyFields {
  if (expiresAtMs === undefined) return fields
  return { ...fields, expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs) }
}

function toShown({ id, name, prefix }: Omit<ShownKey, 'token'>, token: string): ShownKey {
  return { id, name, prefix, token }
}

function tellMany({ done, ...others }: ManyDone<{ id: string }>): ManyKeys {
  return { ids: done.map(({ id }) => id), rest: tellRest(others) }
}

function tellRest({ left, error }: Omit<ManyDone<unknown>, 'done'>): ManyKeys['rest'] {
  if (left === 0) return null
  return { count: left, problem: tellProblem(error, 'The rest is as it was.').message }
}

/** One key has a page of its own; several were chosen in the list. */
function revalidateKeys(ids: readonly string[]): void {
  const [only] = ids
  revalidatePath(ids.length === 1 ? `/console/keys/${only}` : '/console/keys')
}

async function done(act: Promise<unknown>): Promise<object> {
  await act
  return {}
}

function changed(id: string, result: VerbResult): VerbResult {
  if (result.ok) revalidateKeys([id])
  return result
}
