'use client'

import { DownloadIcon, ScrollTextIcon } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import { useMemo, useState, useTransition } from 'react'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import type { FilterValue } from '@/components/filters/field-editor'
import { FilterBar } from '@/components/filters/filter-bar'
import { loadFilterValues } from '@/components/filters/load-values'
import { useFilters } from '@/components/filters/use-filters'
import { RangePicker } from '@/components/range-picker/range-picker'
import { AbsoluteTime, RelativeTime } from '@/components/relative-time/relative-time'
import { Page } from '@/components/shell/page'
import { SheetBeside } from '@/components/side-sheet/side-sheet'
import { EmptyFiltered, EmptyNew } from '@/components/states/states'
import { toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import type { AuditPage } from '@/lib/admin/audit-log'
import type { AuditRow } from '@/lib/db/contract'
import { auditFilterFields, auditVias, describeAction } from '@/lib/ui/audit-list'
import { describeFilter } from '@/lib/ui/filters'
import { formatExact } from '@/lib/ui/format'
import { renderQuery } from '@/lib/ui/query'
import { AuditSheet } from './audit-sheet'
import { auditRange } from './search-params'

const rowsMax = 1000

/** The list with what is open beside it. The URL holds range, filters and the open row. */
export function AuditView({
  page,
  open,
  nowMs,
  layout,
}: {
  page: AuditPage
  open: AuditRow | null
  nowMs: number
  layout: string | undefined
}) {
  const query = useListQuery()
  const { rows, more } = useOlder(page, query)
  const filters = useFilters(auditFilterFields)
  const columns = useMemo(() => makeColumns(nowMs), [nowMs])
  const hrefOf = (id: string) => `/console/audit?${query === '' ? '' : `${query}&`}row=${id}`
  const place = open === null ? -1 : rows.findIndex(({ id }) => id === open.id)
  const neighbour = (step: number) => {
    const row = place < 0 ? undefined : rows[place + step]
    return row === undefined ? null : hrefOf(row.id)
  }
  return (
    <>
      <SheetBeside isOpen={open !== null}>
        <Page
          title="Audit"
          description="Who changed what, from where, the newest first"
          actions={<RangePicker fallback={auditRange} />}
        >
          <DataTable
            id="audit"
            label="Changes"
            columns={columns}
            rows={rows}
            getRowId={(row) => row.id}
            getRowHref={(row) => hrefOf(row.id)}
            currentId={open?.id}
            layout={layout}
            sorting="none"
            onFilter={filters.only}
            toolbar={
              <FilterBar
                {...filters}
                fields={auditFilterFields}
                resultCount={`${formatExact(rows.length)}${more === null ? '' : '+'}`}
                loadValues={(field, text) =>
                  loadFilterValues(`/console/data/audit?values=${field}`, text, nameAndWords)
                }
              />
            }
            tools={
              <Button asChild variant="outline">
                <a href={`/console/data/audit/export?${query}`} download>
                  <DownloadIcon /> Export CSV
                </a>
              </Button>
            }
            count={more === null ? undefined : `${formatExact(rows.length)} shown`}
            more={more}
            empty={
              filters.filters.length === 0 ? (
                <EmptyNew icon={ScrollTextIcon} title="No change in this range">
                  Each change by a person or the command line stands here.
                </EmptyNew>
              ) : (
                <EmptyFiltered
                  what="No changes"
                  filters={filters.filters.flatMap((filter) => {
                    const field = auditFilterFields.find(({ id }) => id === filter.field)
                    return field ? [describeFilter(filter, field)] : []
                  })}
                  actions={
                    <Button variant="outline" onClick={filters.clear}>
                      Clear filters
                    </Button>
                  }
                />
              )
            }
          />
        </Page>
      </SheetBeside>
      {open && (
        <AuditSheet
          row={open}
          closeHref={query === '' ? '/console/audit' : `/console/audit?${query}`}
          nextHref={neighbour(1)}
          previousHref={neighbour(-1)}
        />
      )}
    </>
  )
}

/** The URL without the open row. */
function useListQuery(): string {
  const params = new URLSearchParams(useSearchParams())
  params.delete('row')
  return renderQuery(params)
}

/** What was loaded below the first page, as long as the filters stay. */
function useOlder(page: AuditPage, query: string) {
  const [older, setOlder] = useState<{ query: string; rows: AuditRow[]; cursor: string | null }>()
  const [isLoading, startLoading] = useTransition()
  const kept = older?.query === query ? older : null
  const known = new Set(page.rows.map(({ id }) => id))
  const rows = [...page.rows, ...(kept?.rows ?? []).filter(({ id }) => !known.has(id))]
  const cursor = kept ? kept.cursor : page.cursor
  const load = () =>
    startLoading(async () => {
      try {
        const answer = await fetch(`/console/data/audit?${query}&cursor=${cursor}`)
        if (!answer.ok) throw new Error(`The console answered ${answer.status}.`)
        const next = (await answer.json()) as AuditPage
        setOlder({ query, rows: [...rows, ...next.rows], cursor: next.cursor })
      } catch (error) {
        toastProblem('Older changes were not loaded', String(error))
      }
    })
  const hasMore = cursor !== null && rows.length < rowsMax
  return { rows, more: hasMore ? { label: 'Load 100 older', isLoading, load } : null }
}

/** An act is found as `key.create` and as it is told. */
function nameAndWords({ value, label }: FilterValue): string {
  return `${value} ${label ?? ''}`
}

function makeColumns(nowMs: number): Column<AuditRow>[] {
  return [
    {
      id: 'at',
      header: 'When',
      width: 108,
      card: 'end',
      cell: (row) => <RelativeTime ms={row.atMs} nowMs={nowMs} />,
    },
    {
      id: 'actor',
      header: 'Who',
      width: 150,
      card: 'detail',
      isCopyable: true,
      cell: (row) => row.actor,
      value: (row) => row.actor,
      filter: (row) => ({ field: 'actor', value: row.actor }),
    },
    {
      id: 'action',
      header: 'What',
      width: 210,
      card: 'title',
      cell: (row) => describeAction(row.action),
      value: (row) => row.action,
      filter: (row) => ({ field: 'action', value: row.action }),
    },
    {
      id: 'target',
      header: 'Which',
      grow: true,
      width: 180,
      card: 'value',
      isCopyable: true,
      cell: (row) => (
        <span className="block truncate max-sm:max-w-[45vw]">
          {row.targetName ?? row.targetId ?? '–'}
        </span>
      ),
      value: (row) => row.targetName ?? row.targetId,
      filter: (row) => (row.targetId ? { field: 'target', value: row.targetId } : null),
    },
    {
      id: 'via',
      yields: true,
      header: 'Through',
      width: 124,
      cell: (row) => auditVias[row.via] ?? row.via,
      value: (row) => auditVias[row.via] ?? row.via,
      filter: (row) => ({ field: 'via', value: row.via }),
    },
    {
      id: 'address',
      yields: true,
      header: 'From',
      width: 150,
      isCopyable: true,
      cell: (row) => (row.address === null ? '–' : <code>{row.address}</code>),
      value: (row) => row.address,
      filter: (row) => (row.address ? { field: 'text', value: row.address } : null),
    },
    {
      id: 'time',
      header: 'Time',
      width: 200,
      isHiddenAtFirst: true,
      cell: (row) => <AbsoluteTime ms={row.atMs} precision="second" />,
    },
  ]
}
