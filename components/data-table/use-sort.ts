'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { parseSort, renderSort, type Sort } from '@/lib/ui/sort'
import type { Column } from './column'

/** The order in the URL, and a function that sorts by a column or turns its order round. */
export function useSort<Row>(
  columns: readonly Column<Row>[],
  sorting: 'browser' | 'server' | 'none',
): [Sort | null, (column: string) => void] {
  const [text, setText] = useQueryState(
    'sort',
    parseAsString.withOptions({ shallow: sorting !== 'server', history: 'push' }),
  )
  const sortable = columns.filter(({ isSortable }) => isSortable).map(({ id }) => id)
  const sort = sorting === 'none' ? null : parseSort(text, sortable)
  const change = (column: string) => {
    const isNumeric = columns.find(({ id }) => id === column)?.align === 'right'
    const isDescending = sort?.column === column ? !sort.isDescending : isNumeric
    void setText(renderSort({ column, isDescending }))
  }
  return [sort, change]
}
