'use client'

import { ArrowDownIcon, ArrowUpIcon, ChevronsUpDownIcon } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { cn } from '@/lib/ui/cn'
import type { Sort } from '@/lib/ui/sort'
import { type Column, widthMax, widthMin } from './column'

/** A head cell: its button sorts, its edge resizes: arrows on it, or Shift and an arrow on the button. */
export function TableHeadCell<Row>({
  column,
  sort,
  onSort,
  width,
  onResize,
  startResize,
  isResizing,
}: {
  column: Column<Row>
  sort: Sort | null
  onSort: ((column: string) => void) | null
  width: number
  onResize: (by: number) => void
  startResize: (event: unknown) => void
  isResizing: boolean
}) {
  const isSorted = sort?.column === column.id
  const isRight = column.align === 'right'
  const sorts = onSort !== null && column.isSortable === true
  const resize = (event: KeyboardEvent) => {
    if (sorts && !event.shiftKey) return
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    event.stopPropagation()
    onResize(event.key === 'ArrowLeft' ? -16 : 16)
  }
  const edge = {
    onMouseDown: startResize,
    onTouchStart: startResize,
    className: cn(
      "absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-1.5 after:left-1/2 after:w-px after:bg-border after:opacity-0 after:content-[''] hover:after:opacity-100 focus-visible:after:opacity-100 group-hover/head:after:opacity-100",
      isResizing && 'after:bg-primary after:opacity-100',
    ),
  }
  const words = (
    <>
      <span className="truncate">{column.header}</span>
      {column.unit && <span className="font-normal text-faint">{column.unit}</span>}
    </>
  )
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
      className={cn(
        'group/head relative h-8 select-none whitespace-nowrap px-3 text-left font-medium text-muted-foreground text-xs',
        isRight && 'text-right',
      )}
    >
      {sorts ? (
        <button
          type="button"
          onClick={() => onSort(column.id)}
          onKeyDown={resize}
          className={cn(
            '-mx-1 relative inline-flex max-w-full items-center rounded-sm px-1 align-middle hover:text-foreground',
            isSorted && 'text-foreground',
          )}
        >
          <span className="inline-flex min-w-0 gap-1">{words}</span>
          <SortIcon
            state={isSorted ? (sort.isDescending ? 'down' : 'up') : 'none'}
            className={isRight ? 'right-full' : 'left-full'}
          />
        </button>
      ) : (
        <span className={cn('flex gap-1', isRight && 'justify-end')}>{words}</span>
      )}
      {sorts ? (
        <span aria-hidden="true" {...edge} />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a rule holds no edge to drag
        <span
          role="separator"
          tabIndex={0}
          aria-orientation="vertical"
          aria-label={`Width of ${column.header}`}
          aria-valuenow={width}
          aria-valuemin={widthMin}
          aria-valuemax={widthMax}
          onKeyDown={resize}
          {...edge}
        />
      )}
    </th>
  )
}

/** Beside the words and not among them, so that they never move. */
function SortIcon({ state, className }: { state: 'up' | 'down' | 'none'; className: string }) {
  const classes = cn('absolute size-3 shrink-0', className)
  if (state === 'up') return <ArrowUpIcon className={classes} />
  if (state === 'down') return <ArrowDownIcon className={classes} />
  return (
    <ChevronsUpDownIcon
      className={cn(
        classes,
        'opacity-0 group-focus-within/head:opacity-60 group-hover/head:opacity-60',
      )}
    />
  )
}
