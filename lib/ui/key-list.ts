import { permissions } from '@/lib/schemas/names'
import type { FilterField } from './filters'

/** What a key is now: the first of these that holds, from the top. */
export const keyConditions = [
  'revoked',
  'owner-inactive',
  'expired',
  'disabled',
  'at-limit',
  'active',
] as const
export type KeyCondition = (typeof keyConditions)[number]

/** The filters of the list of keys as the URL names them. */
export const keyFilterFields: readonly FilterField[] = [
  {
    id: 'state',
    label: 'State',
    words: { 'owner-inactive': 'owner inactive', 'at-limit': 'at limit' },
  },
  { id: 'owner', label: 'Owner' },
  { id: 'name', label: 'Name or key', kind: 'text' },
  { id: 'permission', label: 'Permission' },
]

/** Values that are always offered, also where no key has them. */
export const keyFilterValues: Readonly<Record<string, readonly string[]>> = {
  state: keyConditions.toReversed(),
  permission: permissions,
}

export const keySortColumns = [
  'name',
  'owner',
  'state',
  'now',
  'expires',
  'used',
  'created',
] as const

export const keyRowsMax = 1000
