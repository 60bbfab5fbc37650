import type { ColumnSizingState, ColumnVisibilityState } from '@tanstack/react-table'
import { useEffect, useRef, useState } from 'react'
import { writeCookie } from '@/lib/ui/cookies'
import { parseTableLayout, renderTableLayout, tableCookie } from '@/lib/ui/table-layout'
import type { Column } from './column'

type Layout<Row> = {
  id: string
  columns: readonly Column<Row>[]
  /** The cookie as the server read it. */
  layout?: string
}

/** Visibility and widths: from the cookie at first, and back into it when they change. */
export function useLayout<Row>({ id, columns, layout }: Layout<Row>) {
  const [first] = useState(() => parseTableLayout(layout))
  const [visibility, setVisibility] = useState<ColumnVisibilityState>(() => ({
    ...firstVisibility(columns),
    ...first.visibility,
  }))
  const [sizing, setSizing] = useState<ColumnSizingState>(first.widths)
  const isFirst = useRef(true)
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false
      return
    }
    const timer = setTimeout(() => {
      writeCookie(tableCookie(id), renderTableLayout({ visibility, widths: sizing }))
    }, 200)
    return () => clearTimeout(timer)
  }, [id, visibility, sizing])
  const reset = () => {
    setVisibility(firstVisibility(columns))
    setSizing({})
  }
  return { visibility, setVisibility, sizing, setSizing, reset }
}

function firstVisibility<Row>(columns: readonly Column<Row>[]): ColumnVisibilityState {
  return Object.fromEntries(columns.map(({ id, isHiddenAtFirst }) => [id, !isHiddenAtFirst]))
}
