import { roles } from '@/lib/schemas/names'
import type { FilterField } from './filters'

/** What a person's account is now: the first of these that holds. */
export const userConditions = ['deactivated', 'password-due', 'active'] as const
export type UserCondition = (typeof userConditions)[number]

/** The filters of the list of users as the URL names them. */
export const userFilterFields: readonly FilterField[] = [
  { id: 'role', label: 'Role' },
  { id: 'state', label: 'State', words: { 'password-due': 'password due' } },
  { id: 'team', label: 'Team' },
  { id: 'name', label: 'Name or e-mail', kind: 'text' },
]

/** Values that are always offered, also where no user has them. */
export const userFilterValues: Readonly<Record<string, readonly string[]>> = {
  role: roles,
  state: userConditions.toReversed(),
}

export const userSortColumns = [
  'name',
  'role',
  'state',
  'keys',
  'requests',
  'seen',
  'created',
] as const

export const userRowsMax = 1000
