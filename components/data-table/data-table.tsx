'use client'

import {
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createSortedRowModel,
  type RowData,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/lib/ui/cn'
import { fitColumns } from '@/lib/ui/fit-columns'
import { formatNumberOf } from '@/lib/ui/format'
import { BusyBar } from './busy-bar'
import { type Column, defaultWidth, widthMax, widthMin } from './column'
import { compareValues } from './compare-values'
import { RowCards } from './row-cards'
import { ChosenBar, TableBar } from './table-bar'
import { TableHeadCell } from './table-head'
import { TableRow } from './table-row'
import { useLayout } from './use-layout'
import { usePhone } from './use-phone'
import { useRoom } from './use-room'
import { useRowKeys } from './use-row-keys'
import { useSort } from './use-sort'

const features = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
})

export type DataTableProps<Row extends RowData> = {
  /** Names its cookie: `keys`. */
  id: string
  /** What it lists, for those who do not see it: `Keys`. */
  label: string
  /** Stable: made outside of the component or in a memo. */
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  getRowId: (row: Row) => string
  /** The cookie `corral.table.<id>` as the server read it. */
  layout?: string
  /** The page of a row: the first cell becomes the link, and a click anywhere goes there. */
  getRowHref?: (row: Row) => string | null
  /** The row whose sheet is open. */
  currentId?: string
  /** Who sorts: the browser, the server (`sort=` in the URL, the page renders anew), or nobody. */
  sorting?: 'browser' | 'server' | 'none'
  /** Sets one filter: with it, cells of columns with `filter` offer it. */
  onFilter?: (field: string, value: string) => void
  /** Left of Columns and Export: filters. */
  toolbar?: ReactNode
  /** Right of Columns: Export and the like. */
  tools?: ReactNode
  /** What can be done with the chosen rows; takes the toolbar's place while some are. */
  bulk?: (rows: readonly Row[], clear: () => void) => ReactNode
  /** Rows are being fetched again: they stay, a bar shows on top. */
  isBusy?: boolean
  /** Rows of logs are 32 px, others 36. */
  density?: 'row' | 'log'
  /** Shown instead of rows when there are none: a face of components/states. */
  empty?: ReactNode
  /** Between head and first row: `37 new ↑`, a problem. */
  above?: ReactNode
  /** Left of the foot: `100 shown, about 1.27 K`. Else it counts the rows. */
  count?: ReactNode
  /** Keyset: there are older rows. */
  more?: { label?: string; isLoading: boolean; load: () => void } | null
  className?: string
}

/** A list: head that stays, link in the first cell, sort, columns, selection, cards on a phone. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { columns, getRowHref, sorting = 'none', bulk, density = 'row' } = props
  const isPhone = usePhone()
  const home = useRef<HTMLDivElement>(null)
  const [sort, changeSort] = useSort(columns, sorting)
  const [selection, setSelection] = useState<RowSelectionState>({})
  const layout = useLayout(props)
  const { visibility, setVisibility, sizing, setSizing } = layout
  const rows = props.rows as Row[]

  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: Row) => column.value?.(row) ?? null,
        header: column.header,
        size: column.width ?? defaultWidth,
        minSize: widthMin,
        maxSize: widthMax,
        enableSorting: column.isSortable ?? false,
        enableHiding: column.isHideable ?? true,
        sortUndefined: 'last' as const,
        sortFn: (a: { getValue: (id: string) => unknown }, b: typeof a, id: string) =>
          compareValues(a.getValue(id), b.getValue(id)),
      })),
    [columns],
  )
  const table = useTable<typeof features, Row>({
    features,
    columns: definitions,
    data: rows,
    getRowId: props.getRowId,
    enableRowSelection: bulk !== undefined,
    enableSortingRemoval: false,
    manualSorting: sorting !== 'browser',
    columnResizeMode: 'onChange',
    state: {
      sorting: sort ? [{ id: sort.column, desc: sort.isDescending }] : [],
      rowSelection: selection,
      columnVisibility: visibility,
      columnSizing: sizing,
    },
    onRowSelectionChange: setSelection,
    onColumnVisibilityChange: setVisibility,
    onColumnSizingChange: setSizing,
  })

  const toggleRow = useMemo(
    () =>
      bulk
        ? (id: string) =>
            setSelection(({ [id]: was, ...others }) => (was ? others : { ...others, [id]: true }))
        : undefined,
    [bulk],
  )
  useRowKeys(home, toggleRow)

  const byId = new Map(columns.map((column) => [column.id, column]))
  const widthOf = (column: Column<Row>) => sizing[column.id] ?? column.width ?? defaultWidth
  const choiceWidth = bulk ? 40 : 0
  const room = useRoom(home) - choiceWidth
  const { shown, leastWidth } = fitColumns(
    table.getVisibleLeafColumns().flatMap(({ id }) => byId.get(id) ?? []),
    { widthOf, room },
  )
  // A phone shows cards, which have no width of their own.
  const isTight = isPhone === false && leastWidth > room
  const growing = shown.find(({ grow }) => grow) ?? shown[0]
  const modelRows = table.getRowModel().rows
  const chosen = modelRows.filter((row) => row.getIsSelected())
  const clear = () => setSelection({})

  return (
    <div className={cn('flex min-w-0 flex-col gap-3', props.className)}>
      {chosen.length > 0 && bulk ? (
        <ChosenBar
          count={chosen.length}
          onClear={() => {
            // The bar goes with its button: the focus stays at what was chosen.
            home.current?.querySelector<HTMLElement>('[role="checkbox"]')?.focus()
            clear()
          }}
        >
          {bulk(
            chosen.map(({ original }) => original),
            clear,
          )}
        </ChosenBar>
      ) : (
        <TableBar
          columns={columns
            .filter(({ isHideable }, index) => index > 0 && isHideable !== false)
            .map(({ id, header }) => ({ id, label: header, isShown: visibility[id] !== false }))}
          onToggle={(id, isShown) => setVisibility((old) => ({ ...old, [id]: isShown }))}
          onReset={layout.reset}
          tools={props.tools}
        >
          {props.toolbar}
        </TableBar>
      )}
      <div
        ref={home}
        data-rows-box=""
        aria-busy={props.isBusy || undefined}
        className={cn(
          'relative rounded-lg border bg-card',
          isTight
            ? 'scrollbar-quiet fade-end max-h-[calc(100dvh-9rem)] overflow-auto print:max-h-none'
            : 'overflow-clip',
        )}
      >
        <BusyBar isBusy={props.isBusy ?? false} />
        {props.above}
        {modelRows.length === 0 ? (
          props.empty
        ) : (
          <>
            {isPhone !== true && (
              <table
                aria-label={props.label}
                className={cn(
                  'w-full table-fixed border-separate border-spacing-0 text-sm',
                  isPhone === null && 'max-sm:hidden',
                )}
                style={{ minWidth: leastWidth + choiceWidth }}
              >
                <colgroup>
                  {bulk && <col style={{ width: choiceWidth }} />}
                  {shown.map((column) => (
                    <col
                      key={column.id}
                      style={{ width: column === growing ? undefined : widthOf(column) }}
                    />
                  ))}
                </colgroup>
                <thead className={cn('sticky z-10 bg-muted', isTight ? 'top-0' : 'top-13')}>
                  <tr className="*:border-b">
                    {bulk && (
                      <th scope="col" className="pl-3 text-left align-middle">
                        <Checkbox
                          aria-label="Select all rows shown"
                          checked={
                            table.getIsAllRowsSelected()
                              ? true
                              : table.getIsSomeRowsSelected()
                                ? 'indeterminate'
                                : false
                          }
                          onCheckedChange={(checked) =>
                            table.toggleAllRowsSelected(checked === true)
                          }
                          className="block"
                        />
                      </th>
                    )}
                    {table.getHeaderGroups()[0]?.headers.map((header) => {
                      const column = shown.find(({ id }) => id === header.id)
                      if (!column) return null
                      return (
                        <TableHeadCell
                          key={header.id}
                          column={column}
                          sort={sort}
                          onSort={sorting === 'none' ? null : changeSort}
                          width={widthOf(column)}
                          onResize={(by) =>
                            setSizing((old) => ({
                              ...old,
                              [column.id]: Math.min(
                                widthMax,
                                Math.max(widthMin, widthOf(column) + by),
                              ),
                            }))
                          }
                          startResize={header.getResizeHandler()}
                          isResizing={header.column.getIsResizing()}
                        />
                      )
                    })}
                  </tr>
                </thead>
                <tbody className="[&_tr:last-child>*]:border-0">
                  {modelRows.map((row) => (
                    <TableRow
                      key={row.id}
                      id={row.id}
                      row={row.original}
                      columns={shown}
                      href={getRowHref?.(row.original) ?? null}
                      isCurrent={row.id === props.currentId}
                      density={density}
                      choice={
                        toggleRow
                          ? { isOn: row.getIsSelected(), toggle: () => toggleRow(row.id) }
                          : null
                      }
                      onFilter={props.onFilter}
                    />
                  ))}
                </tbody>
              </table>
            )}
            {isPhone !== false && (
              <RowCards
                label={props.label}
                columns={columns}
                currentId={props.currentId}
                className={isPhone === null ? 'sm:hidden' : undefined}
                cards={modelRows.map((row) => ({
                  id: row.id,
                  row: row.original,
                  href: getRowHref?.(row.original) ?? null,
                  isSelected: row.getIsSelected(),
                  onSelect: bulk ? () => toggleRow?.(row.id) : null,
                }))}
              />
            )}
          </>
        )}
      </div>
      {modelRows.length > 0 && (
        <div className="flex min-h-control items-center justify-between gap-3 text-muted-foreground text-sm">
          <span>{props.count ?? `${formatNumberOf(rows.length, 'row')} shown`}</span>
          {props.more && (
            <Button
              variant="outline"
              disabled={props.more.isLoading}
              onClick={props.more.load}
              data-print="hide"
            >
              {props.more.isLoading ? 'Loading' : (props.more.label ?? 'Load 100 older')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
