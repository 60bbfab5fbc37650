'use client'

import { useRouter } from 'next/navigation'
import type { MouseEvent } from 'react'
import { Link } from '@/components/link/link'
import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/lib/ui/cn'
import type { Column } from './column'
import { DataCell } from './data-cell'

type OnFilter = (field: string, value: string) => void

/** A row of a table: the first cell is the link to its page, a click anywhere goes there. */
export function TableRow<Row>({
  id,
  row,
  columns,
  href,
  isCurrent,
  density,
  choice,
  onFilter,
}: {
  id: string
  row: Row
  columns: readonly Column<Row>[]
  href: string | null
  /** Its sheet is open. */
  isCurrent: boolean
  density: 'row' | 'log'
  /** Null where rows cannot be chosen. */
  choice: { isOn: boolean; toggle: () => void } | null
  onFilter?: OnFilter
}) {
  const router = useRouter()
  const open = (event: MouseEvent) => {
    if (!href || event.defaultPrevented || !(event.target instanceof Element)) return
    if (event.target.closest('a, button, input, label, [role="checkbox"], [role="menuitem"]'))
      return
    if (getSelection()?.toString()) return
    if (event.metaKey || event.ctrlKey) window.open(href, '_blank', 'noopener')
    else router.push(href, { scroll: false })
  }
  return (
    <tr
      data-row={id}
      tabIndex={href ? undefined : -1}
      aria-selected={choice?.isOn}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={open}
      className={cn(
        'focus-inset *:border-b',
        density === 'log' ? 'h-log-row' : 'h-row',
        href && 'cursor-pointer',
        choice?.isOn || isCurrent ? 'bg-primary-tint' : 'bg-card hover:bg-muted',
      )}
    >
      {choice && (
        <td className="pl-3 align-middle">
          <Checkbox
            className="block"
            aria-label={`Select ${titleOf(columns[0], row) ?? 'this row'}`}
            checked={choice.isOn}
            onCheckedChange={choice.toggle}
          />
        </td>
      )}
      {columns.map((column, index) => (
        <DataCell
          key={column.id}
          align={column.align ?? 'left'}
          title={titleOf(column, row)}
          actions={actionsOf(column, row, onFilter)}
          isFirst={index === 0}
        >
          {index === 0 && href ? (
            <Link
              href={href}
              scroll={false}
              prefetch={false}
              data-row-link=""
              className="-mx-1 block truncate rounded-sm px-1 font-medium outline-offset-0"
            >
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </DataCell>
      ))}
    </tr>
  )
}

function titleOf<Row>(column: Column<Row> | undefined, row: Row): string | undefined {
  const value = column?.value?.(row)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function actionsOf<Row>(column: Column<Row>, row: Row, onFilter: OnFilter | undefined) {
  const filter = onFilter ? (column.filter?.(row) ?? null) : null
  const value = column.isCopyable ? (column.value?.(row) ?? null) : null
  if (!filter && value === null) return null
  return {
    what: column.header.toLowerCase(),
    copy: value === null ? undefined : String(value),
    onFilter: filter ? () => onFilter?.(filter.field, filter.value) : undefined,
  }
}
