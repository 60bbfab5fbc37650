import { isCorralError } from '@/lib/core/errors'
import type { Key } from '@/lib/db/contract'
import { formatExact } from '@/lib/ui/format'
import { keyRowsMax } from '@/lib/ui/key-list'
import type { AdminContext } from './actor'
import { disableKey, enableKey, rotateKey } from './keys'
import { invalidInput } from './parse-input'

/** What was done, which stays done, and the first reason why the rest was not. */
export type ManyDone<Done> = { done: Done[]; left: number; error: unknown }
export type RotatedKey = Awaited<ReturnType<typeof rotateKey>>

/** Throws `admin.invalid_input` for more than a list shows, and the reason where nothing was done. */
export async function disableKeys(
  context: AdminContext,
  ids: readonly string[],
): Promise<ManyDone<Key>> {
  return forEachKey(ids, (id) => disableKey(context, id))
}

export async function enableKeys(
  context: AdminContext,
  ids: readonly string[],
): Promise<ManyDone<Key>> {
  return forEachKey(ids, (id) => enableKey(context, id))
}

/** What `done` holds is read only now: whoever calls it shows it, whatever happened to the rest. */
export async function rotateKeys(
  context: AdminContext,
  ids: readonly string[],
  options: { graceSeconds?: number } = {},
): Promise<ManyDone<RotatedKey>> {
  return forEachKey(ids, (id) => rotateKey(context, id, options))
}

/** What one key refuses keeps nothing from the others; a failure of ours ends it. */
async function forEachKey<Done>(
  ids: readonly string[],
  act: (id: string) => Promise<Done>,
): Promise<ManyDone<Done>> {
  if (ids.length > keyRowsMax) {
    const [most, given] = [formatExact(keyRowsMax), formatExact(ids.length)]
    throw invalidInput(`At most ${most} keys at a time; these were ${given}.`)
  }
  const done: Done[] = []
  let error: unknown = null
  for (const id of ids) {
    try {
      done.push(await act(id))
    } catch (cause) {
      error ??= cause
      if (!isCorralError(cause)) break
    }
  }
  if (error !== null && done.length === 0) throw error
  return { done, left: ids.length - done.length, error }
}
