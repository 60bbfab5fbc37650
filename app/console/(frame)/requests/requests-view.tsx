'use client'

import { ArrowUpIcon, ListIcon } from 'lucide-react'
import { useParams, useSearchParams } from 'next/navigation'
import { useEffect, useMemo } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { FilterBar } from '@/components/filters/filter-bar'
import { LiveProvider } from '@/components/live/live'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { RangePicker, useRange } from '@/components/range-picker/range-picker'
import { Page } from '@/components/shell/page'
import { useZone } from '@/components/shell/zone'
import { SheetBeside } from '@/components/side-sheet/side-sheet'
import { StaleProblem } from '@/components/states/stale-problem'
import { EmptyFiltered, EmptyNew } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import type { RequestLog } from '@/lib/admin/request-log'
import { describeFilter, type FilterField } from '@/lib/ui/filters'
import { formatCount } from '@/lib/ui/format'
import { formatMoment } from '@/lib/ui/format-time'
import { describeRange, liveIntervalMs, type Range, resolveRange } from '@/lib/ui/range'
import { ExportMenu } from './export-menu'
import { HistogramStrip } from './histogram-strip'
import { requestColumns } from './request-columns'
import { requestHref, requestQuery, withQuery } from './request-query'
import { useWalk } from './requests-frame'
import { rowsMax } from './tail'
import { useRequestFilters } from './use-request-filters'
import { scrollToTop, type TailView, useIsAtTop, useTail } from './use-tail'

type ViewProps = {
  /** What the server rendered, and the query that it answers. */
  first: { query: string; log: RequestLog }
  fields: readonly FilterField[]
  /** The cookie with the columns. */
  layout?: string
}

const dayMs = 86_400_000

/** The log: range, filters, strip, rows that come by themselves; a sheet may be open beside it. */
export function RequestsView(props: ViewProps) {
  const [range] = useRange()
  return (
    <LiveProvider isOn={range.kind === 'relative'}>
      <Log {...props} />
    </LiveProvider>
  )
}

function Log({ first, fields, layout }: ViewProps) {
  const zone = useZone()
  const [range, setRange] = useRange()
  const params = useSearchParams()
  const query = requestQuery(params, fields)
  const openId = useOpenId()
  const { data, problem, asOfMs, isBusy, refresh } = useLive<RequestLog>({
    key: ['requests', query],
    url: withQuery('/console/data/requests', query),
    initialData: first.log,
    initialUrl: withQuery('/console/data/requests', first.query),
    intervalMs: liveIntervalMs(range),
  })
  const isAtTop = useIsAtTop()
  const tail = useTail({
    query,
    head: data.page,
    isOfQuery: !isBusy,
    mayEnter: isAtTop && openId === undefined,
  })
  const { rows } = tail
  useTellWalk(rows)
  const filters = useRequestFilters({ fields, names: data.names, rows, query })
  const spanMs = lengthOf(range)
  const columns = useMemo(
    () => requestColumns({ zone, isLong: spanMs > dayMs, isBeside: openId !== undefined }),
    [zone, spanMs, openId],
  )
  const set = filters.filters.flatMap((filter) => {
    const field = filters.fields.find(({ id }) => id === filter.field)
    return field ? [describeFilter(filter, field)] : []
  })
  const rangeWords = describeRange(range, zone)

  return (
    <SheetBeside isOpen={openId !== undefined}>
      <Page
        title="Requests"
        actions={
          <>
            <RangePicker />
            <LiveButton />
          </>
        }
      >
        <StaleProblem
          title="The newest requests could not be read"
          problem={problem}
          asOfMs={asOfMs}
          refresh={refresh}
        />
        <div className="relative">
          <NewRows tail={tail} />
          <DataTable
            id="requests"
            label="Requests"
            columns={columns}
            rows={rows}
            getRowId={({ id }) => id}
            getRowHref={({ id }) => requestHref(id, query)}
            currentId={openId}
            layout={layout}
            density="log"
            isBusy={isBusy}
            onFilter={filters.only}
            toolbar={<FilterBar {...filters} resultCount={countOf(tail)} />}
            tools={<ExportMenu query={query} />}
            above={
              <HistogramStrip
                histogram={data.histogram}
                rangeWords={rangeWords}
                onZoom={(period) => setRange({ kind: 'absolute', ...period })}
              />
            }
            count={<Count tail={tail} estimate={data.page.estimate} zone={zone} />}
            more={
              tail.cursor !== null && rows.length < rowsMax
                ? {
                    label: tail.searchedBackToMs === null ? undefined : 'Search further back',
                    isLoading: tail.isLoadingOlder,
                    load: tail.loadOlder,
                  }
                : null
            }
            empty={
              <Empty
                tail={tail}
                filters={set}
                hasAny={data.hasAny}
                rangeWords={rangeWords}
                clear={filters.clear}
                widen={
                  spanMs < 30 * dayMs
                    ? () => setRange({ kind: 'relative', text: '30d', lengthMs: 30 * dayMs })
                    : null
                }
                zone={zone}
              />
            }
          />
        </div>
      </Page>
    </SheetBeside>
  )
}

/** What came while somebody reads further down, or beside a sheet. */
function NewRows({ tail }: { tail: TailView }) {
  const { count, isMore } = tail.fresh
  if (count === 0) return null
  const enter = () => {
    tail.letIn()
    scrollToTop()
  }
  return (
    <div className="pointer-events-none sticky top-16 z-20 flex h-0 justify-center">
      <Button
        variant="outline"
        className="pointer-events-auto mt-1 rounded-full bg-popover shadow-float"
        onClick={enter}
      >
        {isMore ? `${count}+` : count} new <ArrowUpIcon />
      </Button>
    </div>
  )
}

function Count({
  tail,
  estimate,
  zone,
}: {
  tail: TailView
  estimate: number | null
  zone: string
}) {
  const { rows, cursor, searchedBackToMs } = tail
  const shown = `${formatCount(rows.length)} shown`
  if (tail.problem !== null) return `${shown}. Older ones did not come: ${tail.problem}`
  if (searchedBackToMs !== null) {
    return `${shown}, searched back to ${formatMoment(searchedBackToMs, zone, 'minute')}`
  }
  if (cursor === null) return `${shown}, all there are`
  if (rows.length >= rowsMax) return `${shown}: choose a shorter range for older ones`
  if (estimate === null || estimate <= rows.length) return shown
  return `${shown}, about ${formatCount(estimate)}`
}

function Empty({
  tail,
  filters,
  hasAny,
  rangeWords,
  clear,
  widen,
  zone,
}: {
  tail: TailView
  filters: readonly string[]
  hasAny: boolean
  rangeWords: string
  clear: () => void
  /** A longer range; null where it is long already. */
  widen: (() => void) | null
  zone: string
}) {
  if (!hasAny) {
    return (
      <EmptyNew icon={ListIcon} title="No requests yet">
        Each call through the gateway stands here a second or two after it ended: who asked, which
        model and server answered, and where the time went.
      </EmptyNew>
    )
  }
  const { searchedBackToMs } = tail
  const back =
    searchedBackToMs === null
      ? []
      : [`searched back to ${formatMoment(searchedBackToMs, zone, 'minute')}`]
  return (
    <EmptyFiltered
      what="No requests"
      filters={[rangeWords, ...filters, ...back]}
      actions={
        <>
          {filters.length > 0 && (
            <Button variant="outline" onClick={clear}>
              Clear filters
            </Button>
          )}
          {tail.cursor !== null ? (
            <Button variant="outline" disabled={tail.isLoadingOlder} onClick={tail.loadOlder}>
              {tail.isLoadingOlder ? 'Searching' : 'Search further back'}
            </Button>
          ) : (
            widen && (
              <Button variant="outline" onClick={widen}>
                Show last 30 d
              </Button>
            )
          )}
        </>
      }
    />
  )
}

/** The request whose sheet is open: it stands in the URL. */
function useOpenId(): string | undefined {
  const { id } = useParams()
  return typeof id === 'string' ? decodeURIComponent(id) : undefined
}

function useTellWalk(rows: TailView['rows']): void {
  const { setIds } = useWalk()
  // The sheet beside the list stands outside of it.
  useEffect(() => setIds(rows.map(({ id }) => id)), [rows, setIds])
}

function countOf({ rows, cursor }: TailView): string {
  return cursor === null ? formatCount(rows.length) : `${formatCount(rows.length)}+`
}

function lengthOf(range: Range): number {
  const { fromMs, toMs } = resolveRange(range, 0)
  return toMs - fromMs
}
