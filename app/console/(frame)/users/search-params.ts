import { parseFilters } from '@/lib/ui/filters'
import { parseSort } from '@/lib/ui/sort'
import { userFilterFields, userRowsMax, userSortColumns } from '@/lib/ui/user-list'

export const usersPageSize = 100
export const userViews = ['people', 'teams', 'invitations'] as const
export type UserView = (typeof userViews)[number]

/** `view=teams`; of people the filters, `sort=-requests` and `show=200`. */
export function parseUsersParams(params: URLSearchParams) {
  const show = Number(params.get('show'))
  const view = params.get('view')
  return {
    view: userViews.find((one) => one === view) ?? ('people' as const),
    filters: parseFilters(params, userFilterFields),
    sort: parseSort(params.get('sort'), userSortColumns),
    limit: Number.isInteger(show) && show > 0 ? Math.min(show, userRowsMax) : usersPageSize,
  }
}
