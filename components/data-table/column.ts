import type { ReactNode } from 'react'

/** One column of a `DataTable`. */
export type Column<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** What the cell is in plain text or as a number: for copy, title and sorting in the browser. */
  value?: (row: Row) => string | number | null
  /** Unit or note behind the header, in second text. */
  unit?: string
  align?: 'left' | 'right'
  /** px, unless resized; the column with `grow` takes what is left, and at least this. */
  width?: number
  grow?: boolean
  isSortable?: boolean
  /** The first column, and any other that must stay, cannot be hidden. */
  isHideable?: boolean
  isHiddenAtFirst?: boolean
  /** Stands only where there is room for all: of several that yield, the last goes first. */
  yields?: boolean
  /** Where it stands on the two-line card of a phone; nowhere when left out. */
  card?: 'title' | 'value' | 'detail' | 'end'
  /** What "filter by this" of a cell sets. */
  filter?: (row: Row) => { field: string; value: string } | null
  /** Offers copy on hover and focus: what `value` gives. */
  isCopyable?: boolean
}

export const widthMin = 48
export const widthMax = 960
export const defaultWidth = 136
