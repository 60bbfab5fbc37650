import { CorralError, type ErrorCode } from '@/lib/core/errors'
import type { Principal } from './contract'

export type RefusedKey = Pick<
  Extract<Principal, { kind: 'key' }>,
  'keyId' | 'keyPrefix' | 'ownerId' | 'ownerName'
>

const refusedKeys = new WeakMap<Error, RefusedKey>()

/** A refusal of a key whose secret was right: its record may name it, and that is all. */
export function refuseKey(code: ErrorCode, key: RefusedKey): CorralError {
  const error = new CorralError(code)
  refusedKeys.set(error, key)
  return error
}

/** Whose key was refused by this error; null where none was known. */
export function refusedKeyOf(error: unknown): RefusedKey | null {
  return error instanceof Error ? (refusedKeys.get(error) ?? null) : null
}
