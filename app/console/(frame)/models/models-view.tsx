'use client'

import { BoxesIcon, DownloadIcon } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { type ReactNode, useCallback, useMemo, useState, useTransition } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { FilterBar } from '@/components/filters/filter-bar'
import { loadFilterValues } from '@/components/filters/load-values'
import { useFilters } from '@/components/filters/use-filters'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { useAskedDialog } from '@/components/lazy-dialog/use-asked-dialog'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { Page } from '@/components/shell/page'
import { useZone } from '@/components/shell/zone'
import { StaleProblem } from '@/components/states/stale-problem'
import { EmptyFiltered, EmptyNew } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group'
import type { MatrixRow } from '@/lib/admin/model-matrix'
import type { ModelsPage } from '@/lib/admin/models-page'
import { describeFilter } from '@/lib/ui/filters'
import { formatExact, formatNumberOf } from '@/lib/ui/format'
import {
  type ModelLens,
  modelFilterFields,
  modelRowsMax,
  modelsPageSize,
} from '@/lib/ui/model-list'
import type { WantedJob } from './job-dialog'
import { Jobs } from './jobs'
import { makeColumns } from './model-columns'
import { parseLens, parseModelsParams } from './search-params'

const JobDialog = lazyDialog(() => import('./job-dialog').then((m) => m.JobDialog))

const dialogs = ['pull'] as const

const lenses: { id: ModelLens; label: string }[] = [
  { id: 'present', label: 'Present' },
  { id: 'loaded', label: 'Loaded' },
  { id: 'speed', label: 'Speed' },
  { id: 'use', label: 'Use' },
]

/** Which models are on which servers, under four lenses, and the jobs that change it. */
export function ModelsView({
  initial,
  nowMs,
  layout,
  mayManage,
}: {
  initial: ModelsPage
  /** When the server rendered. */
  nowMs: number
  layout: string | undefined
  mayManage: boolean
}) {
  const search = useSearchParams()
  const zone = useZone()
  const lens = parseLens(search.get('lens'))
  const query = withoutLens(search)
  const { data, problem, asOfMs, isBusy, refresh } = useLive<ModelsPage>({
    key: ['models', query],
    url: `/console/data/models?${query}`,
    initialData: initial,
  })
  const { servers, rows, count, total } = data.matrix
  const filters = useFilters(modelFilterFields)
  const [job, setJob] = useJobOfUrl(mayManage, rows)
  const serverText = JSON.stringify(servers)
  const columns = useMemo(
    () =>
      makeColumns({
        servers: JSON.parse(serverText),
        lens,
        zone,
        want: mayManage ? setJob : null,
      }),
    [serverText, lens, zone, mayManage, setJob],
  )
  const more = useMore({ count, shown: rows.length })
  const isNew = total === 0
  const pull = mayManage && servers.length > 0 && (
    <Button onClick={() => setJob({ kind: 'pull', row: null, serverIds: [] })}>
      <DownloadIcon /> Pull model
    </Button>
  )
  return (
    <Page
      title="Models"
      badge={<LensSwitch lens={lens} />}
      actions={
        <>
          <LiveButton />
          {!isNew && pull}
        </>
      }
    >
      <StaleProblem
        title="The models could not be read again"
        problem={problem}
        asOfMs={asOfMs}
        refresh={refresh}
      />
      <DataTable
        id="models"
        label="Models"
        columns={columns}
        rows={rows}
        getRowId={(row) => row.id}
        getRowHref={(row) => `/console/models/${encodeURIComponent(row.name)}`}
        layout={layout}
        sorting="server"
        isBusy={isBusy}
        onFilter={filters.only}
        toolbar={
          isNew ? null : (
            <FilterBar
              {...filters}
              fields={modelFilterFields}
              resultCount={formatExact(count)}
              loadValues={(field, text) => loadFilterValues(valuesUrl(query, field), text)}
            />
          )
        }
        count={
          rows.length < count
            ? `${formatExact(rows.length)} shown of ${formatNumberOf(count, 'model')}`
            : formatNumberOf(count, 'model')
        }
        more={more}
        empty={
          isNew ? (
            <NoModels hasServers={servers.length > 0} pull={pull} />
          ) : (
            <EmptyFiltered
              what="No models"
              filters={parseModelsParams(new URLSearchParams(query)).filters.flatMap((filter) => {
                const field = modelFilterFields.find(({ id }) => id === filter.field)
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
      <Jobs jobs={data.jobs} nowMs={nowMs} mayManage={mayManage} refresh={refresh} />
      {mayManage && (
        <JobDialog
          open={job !== null}
          job={job}
          servers={servers}
          close={() => setJob(null)}
          refresh={refresh}
        />
      )}
    </Page>
  )
}

/** The lens is the browser's alone: nothing is asked anew, and nothing moves. */
function LensSwitch({ lens }: { lens: ModelLens }) {
  const search = useSearchParams()
  const change = (next: string) => {
    if (next === '' || next === lens) return
    const params = new URLSearchParams(search)
    if (next === 'present') params.delete('lens')
    else params.set('lens', next)
    const query = params.toString()
    window.history.pushState(null, '', query ? `?${query}` : window.location.pathname)
  }
  return (
    <ToggleGroup value={lens} onValueChange={change} aria-label="Lens">
      {lenses.map(({ id, label }) => (
        <ToggleGroupItem key={id} value={id}>
          {label}
        </ToggleGroupItem>
      ))}
    </ToggleGroup>
  )
}

function NoModels({ hasServers, pull }: { hasServers: boolean; pull: ReactNode }) {
  return hasServers ? (
    <EmptyNew icon={BoxesIcon} title="No models yet" action={pull}>
      No server has shown a model. Pull one, and it appears here while it comes.
    </EmptyNew>
  ) : (
    <EmptyNew
      icon={BoxesIcon}
      title="No servers yet"
      action={
        <Button asChild>
          <a href="/console/servers">Add a server</a>
        </Button>
      }
    >
      Models are what servers have. Add one first.
    </EmptyNew>
  )
}

/** `?do=pull&model=…` opens the dialog: the palette and other pages lead here. */
function useJobOfUrl(mayManage: boolean, rows: readonly MatrixRow[]) {
  const name = useSearchParams().get('model') ?? ''
  const [asked, setAsked] = useAskedDialog(dialogs, 'model')
  const [own, setOwn] = useState<WantedJob | null>(null)
  const setJob = useCallback(
    (job: WantedJob | null) => {
      setOwn(job)
      setAsked(null)
    },
    [setAsked],
  )
  if (own !== null || asked === null || !mayManage) return [own, setJob] as const
  const row = rows.find((one) => one.name === name) ?? null
  return [{ kind: 'pull', row, serverIds: [], name } satisfies WantedJob, setJob] as const
}

function useMore({ count, shown }: { count: number; shown: number }) {
  const search = useSearchParams()
  const router = useRouter()
  const [isLoading, startLoading] = useTransition()
  if (shown >= count || shown >= modelRowsMax) return null
  const load = () => {
    const params = new URLSearchParams(search)
    params.set('show', String(shown + modelsPageSize))
    startLoading(() => router.replace(`?${params}`, { scroll: false }))
  }
  return { label: `Load ${Math.min(modelsPageSize, count - shown)} more`, isLoading, load }
}

function withoutLens(search: URLSearchParams): string {
  const params = new URLSearchParams(search)
  for (const name of ['lens', 'do', 'model']) params.delete(name)
  return params.toString()
}

function valuesUrl(query: string, field: string): string {
  const params = new URLSearchParams(query)
  params.set('values', field)
  return `/console/data/models?${params}`
}
