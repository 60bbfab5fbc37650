'use client'

import { DownloadIcon } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { saveFile } from '@/components/charts/save-file'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Link } from '@/components/link/link'
import { ChangeMark } from '@/components/tile/tile'
import { Button } from '@/components/ui/button'
import type { UsageBy, UsageRow } from '@/lib/admin/usage-figures'
import type { UsagePage, WantedOne } from '@/lib/admin/usage-page'
import { formatChange } from '@/lib/ui/change'
import {
  formatBytes,
  formatDuration,
  formatExact,
  formatNumberOf,
  formatShare,
  formatSpeed,
} from '@/lib/ui/format'
import { nameOutcome } from '@/lib/ui/outcomes'
import { usageCsv } from './usage-csv'
import { groupWords, requestsHref } from './usage-query'
import { tokenWords } from './usage-tiles'

type Row = UsageRow & { before: UsageRow | null }

const monoGroups: readonly UsageBy[] = ['model', 'backend', 'key', 'operation']

/** The figures behind the chart, exact, one line a value. */
export function UsageTable({
  usage,
  range,
  rangeWords,
  of,
  layout,
  isBusy,
  tools,
}: {
  usage: UsagePage
  range: string
  rangeWords: string
  of: WantedOne
  layout?: string
  isBusy: boolean
  tools: ReactNode
}) {
  const { table, by } = usage
  const isCompared = table.compared !== null
  const ofKind = of?.kind
  const ofId = of?.id
  const columns = useMemo(
    () =>
      columnsOf({
        by,
        isCompared,
        range,
        of: ofKind && ofId !== undefined ? { kind: ofKind, id: ofId } : null,
      }),
    [by, isCompared, range, ofKind, ofId],
  )
  const save = () => {
    const name = `usage-by-${groupWords[by]}-${rangeWords}`.toLowerCase()
    const content = new Blob([usageCsv(table)], { type: 'text/csv;charset=utf-8' })
    saveFile(`${name.replace(/[^a-z0-9]+/g, '-')}.csv`, content)
  }
  return (
    <DataTable
      id="usage"
      label={`Usage by ${groupWords[by].toLowerCase()}`}
      columns={columns}
      rows={table.rows}
      getRowId={({ id }) => id}
      getRowHref={({ id }) => rowHref(by, id, range, of)}
      sorting="browser"
      layout={layout}
      isBusy={isBusy}
      toolbar={
        <h2 className="font-semibold text-base">
          {groupWords[by]}{' '}
          <span className="ml-1 font-normal text-muted-foreground text-sm">
            {formatNumberOf(table.rows.length, 'row')}
          </span>
        </h2>
      }
      tools={
        <>
          {tools}
          <Button variant="outline" onClick={save}>
            <DownloadIcon /> Save as CSV
          </Button>
        </>
      }
      count={`In all ${formatExact(table.total.requests)} requests, ${tokenWords(table.total)}`}
    />
  )
}

function columnsOf({
  by,
  isCompared,
  range,
  of,
}: {
  by: UsageBy
  isCompared: boolean
  range: string
  of: WantedOne
}): Column<Row>[] {
  const number = (
    id: keyof UsageRow & string,
    header: string,
    more: Partial<Column<Row>> & { format?: (value: number | null) => string } = {},
  ): Column<Row> => {
    const { format = formatExact, ...rest } = more
    return {
      id,
      header,
      align: 'right',
      width: 104,
      isSortable: true,
      value: (row) => numberOf(row, id),
      cell: (row) => format(numberOf(row, id)),
      ...rest,
    }
  }
  return [
    {
      id: 'name',
      header: groupWords[by],
      grow: true,
      width: 170,
      isSortable: true,
      card: 'title',
      value: (row) => nameOf(by, row),
      cell: (row) => (
        <span className={monoGroups.includes(by) ? 'font-mono' : undefined}>{nameOf(by, row)}</span>
      ),
    },
    number('requests', 'Requests', {
      card: 'value',
      cell: (row) => {
        const href = requestsHref(by, row.id, { range, of })
        const text = formatExact(row.requests)
        return href && row.requests > 0 ? (
          <Link href={href} prefetch={false} className="hover:underline">
            {text}
          </Link>
        ) : (
          text
        )
      },
    }),
    ...(isCompared
      ? [
          {
            id: 'change',
            header: 'Change',
            align: 'right' as const,
            width: 92,
            card: 'end' as const,
            isSortable: true,
            value: (row: Row) => row.requests - (row.before?.requests ?? 0),
            cell: (row: Row) => {
              const change = formatChange(row.requests, row.before?.requests ?? 0)
              return change && <ChangeMark change={change} />
            },
          },
          {
            id: 'before',
            header: 'Before',
            align: 'right' as const,
            width: 96,
            isSortable: true,
            value: (row: Row) => row.before?.requests ?? 0,
            cell: (row: Row) => formatExact(row.before?.requests ?? 0),
          },
        ]
      : []),
    ...(by === 'outcome'
      ? []
      : [
          number('failed', 'Failed', {
            width: 108,
            cell: (row: Row) => (
              <>
                {formatExact(row.failed)}
                <span className="ml-1.5 text-muted-foreground">
                  {formatShare(row.failed, row.requests)}
                </span>
              </>
            ),
          }),
          number('refused', 'Refused', { width: 88, yields: true }),
          number('left', 'Left', { width: 72, yields: true }),
        ]),
    number('promptTokens', 'Tokens in', { width: 110, card: 'detail' }),
    number('completionTokens', 'Tokens out', { width: 110, ...(!isCompared && { card: 'end' }) }),
    number('timeToFirstTokenMsP50', 'First token', {
      unit: 'p50',
      width: 108,
      format: formatDuration,
    }),
    number('timeToFirstTokenMsP95', 'First token', {
      unit: 'p95',
      width: 112,
      format: formatDuration,
      isHiddenAtFirst: true,
    }),
    number('totalMsP50', 'Time', { unit: 'p50', width: 88, yields: true, format: formatDuration }),
    number('totalMsP95', 'Time', { unit: 'p95', width: 88, yields: true, format: formatDuration }),
    number('tokensPerSecondP50', 'Speed', { unit: 'p50', yields: true, format: formatSpeed }),
    number('bytesIn', 'Bytes in', { isHiddenAtFirst: true, format: formatBytes }),
    number('bytesOut', 'Bytes out', { isHiddenAtFirst: true, format: formatBytes }),
    number('estimatedRequests', 'Estimated', { unit: 'requests', isHiddenAtFirst: true }),
  ]
}

/** A user's or key's line opens their usage; any other the requests that it counts. */
function rowHref(by: UsageBy, id: string, range: string, of: WantedOne): string | null {
  if ((by === 'user' || by === 'key') && id !== '') {
    if (of?.kind === by && of.id === id) return requestsHref(by, id, { range, of })
    const params = new URLSearchParams({ range, [by]: id })
    return `/console/usage?${params.toString().replaceAll('%3A', ':')}`
  }
  return requestsHref(by, id, { range, of })
}

function nameOf(by: UsageBy, { id, label }: Row): string {
  return by === 'outcome' ? nameOutcome(id) : label
}

function numberOf(row: Row, id: keyof UsageRow): number | null {
  const value = row[id]
  return typeof value === 'number' ? value : null
}
