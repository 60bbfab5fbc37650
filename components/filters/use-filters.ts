'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import {
  type Filter,
  type FilterField,
  parseFilters,
  renderFilters,
  setFilter,
} from '@/lib/ui/filters'
import { renderQuery } from '@/lib/ui/query'

export type Filters = {
  filters: Filter[]
  /** A pick pushes, so that Back takes it off; text that is being typed replaces. */
  change: (filters: readonly Filter[], how?: 'push' | 'replace') => void
  clear: () => void
  /** Sets a field to one value: what a table's cell and a chart's bar do. */
  only: (field: string, value: string) => void
}

/** The filters of the URL. A cursor in it does not outlive a change of them. */
export function useFilters(fields: readonly FilterField[]): Filters {
  const params = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  const filters = useMemo(() => parseFilters(new URLSearchParams(params), fields), [params, fields])
  const change = useCallback(
    (next: readonly Filter[], how: 'push' | 'replace' = 'push') => {
      const changed = renderFilters(new URLSearchParams(params), fields, next)
      changed.delete('cursor')
      const query = renderQuery(changed)
      router[how](query ? `${path}?${query}` : path, { scroll: false })
    },
    [params, fields, path, router],
  )
  return {
    filters,
    change,
    clear: () => change([]),
    only: (field, value) => change(setFilter(filters, { field, isNot: false, values: [value] })),
  }
}
