'use client'

import { KeyRoundIcon } from 'lucide-react'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useMemo, useState, useTransition } from 'react'
import { saveFile } from '@/components/charts/save-file'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { useGrowing } from '@/components/data-table/use-growing'
import { FilterBar } from '@/components/filters/filter-bar'
import { loadFilterValues } from '@/components/filters/load-values'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { Link } from '@/components/link/link'
import { useLive } from '@/components/live/use-live'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { useZone } from '@/components/shell/zone'
import { StaleProblem } from '@/components/states/stale-problem'
import { EmptyFiltered, EmptyNew } from '@/components/states/states'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import type { KeyRow, KeyRows } from '@/lib/admin/key-rows'
import { describeFilter, type Filter, renderFilters, setFilter } from '@/lib/ui/filters'
import { formatExact, formatNumberOf } from '@/lib/ui/format'
import { keyFilterFields, keyRowsMax } from '@/lib/ui/key-list'
import { renderQuery } from '@/lib/ui/query'
import { disableKeysAction, enableKeysAction } from './actions'
import { conditionWord, KeyState, limitWords, WindowUse } from './key-state'
import { renderKeysFile } from './keys-file'
import { keysPageSize, parseKeysParams } from './search-params'

const RotateKeys = lazyDialog(() => import('./rotate-keys').then((m) => m.RotateKeys))

/** The list: live, filtered and sorted by the server, with what can be done to several at once. */
export function KeysTable({
  initial,
  nowMs,
  layout,
  showsOwner,
  mayAct,
}: {
  initial: KeyRows
  /** When the server rendered. */
  nowMs: number
  layout: string | undefined
  showsOwner: boolean
  mayAct: boolean
}) {
  const zone = useZone()
  const search = useSearchParams()
  const query = search.toString()
  const { data, problem, asOfMs, isBusy, refresh } = useLive<KeyRows>({
    key: ['keys', query],
    url: `/console/data/keys?${query}`,
    initialData: initial,
  })
  const keyFilters = useKeyFilters()
  const columns = useMemo(() => makeColumns(nowMs, showsOwner), [nowMs, showsOwner])
  const fields = showsOwner ? keyFilterFields : keyFilterFields.filter(({ id }) => id !== 'owner')
  const growing = useGrowing({
    shown: data.rows.length,
    count: data.count,
    shownMax: keyRowsMax,
    step: keysPageSize,
    noun: 'key',
    isLoading: isBusy,
  })
  const isNew = data.total === 0
  return (
    <DataTable
      id="keys"
      label="Keys"
      columns={columns}
      rows={data.rows}
      getRowId={(row) => row.id}
      getRowHref={(row) => `/console/keys/${row.id}`}
      layout={layout}
      sorting="server"
      isBusy={isBusy}
      onFilter={keyFilters.only}
      toolbar={
        isNew ? null : (
          <FilterBar
            {...keyFilters}
            fields={fields}
            resultCount={formatExact(data.count)}
            loadValues={(field, text) => loadFilterValues(valuesUrl(query, field), text)}
          />
        )
      }
      tools={
        isNew ? null : (
          <Button variant="outline" onClick={() => saveKeys(data.rows, zone)}>
            Export
          </Button>
        )
      }
      {...(mayAct && {
        bulk: (chosen: readonly KeyRow[], clear: () => void) => (
          <BulkActs chosen={chosen} clear={clear} refresh={refresh} />
        ),
      })}
      above={
        problem && (
          <StaleProblem
            title="The list is not live"
            problem={problem}
            asOfMs={asOfMs}
            refresh={refresh}
            className="m-2"
          />
        )
      }
      empty={
        isNew ? (
          <EmptyNew
            icon={KeyRoundIcon}
            title="No keys yet"
            action={
              mayAct && (
                <Button asChild variant="outline">
                  <Link href="/console/keys?do=create">Create key</Link>
                </Button>
              )
            }
          >
            A key lets a program in.{mayAct ? '' : ' An admin can create one.'}
          </EmptyNew>
        ) : (
          <EmptyFiltered
            what="No keys"
            filters={keyFilters.filters.flatMap((filter) => {
              const field = fields.find(({ id }) => id === filter.field)
              return field ? [describeFilter(filter, field)] : []
            })}
            actions={
              <Button variant="outline" onClick={keyFilters.clear}>
                Clear filters
              </Button>
            }
          />
        )
      }
      {...growing}
    />
  )
}

/** As `useFilters`, with revoked keys left out until someone says otherwise. */
function useKeyFilters() {
  const params = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  const { filters } = useMemo(() => parseKeysParams(new URLSearchParams(params)), [params])
  const change = (next: readonly Filter[], how: 'push' | 'replace' = 'push') => {
    const isDefault = (filter: Filter) =>
      filter.field === 'state' && filter.isNot && filter.values.join() === 'revoked'
    const changed = renderFilters(
      new URLSearchParams(params),
      keyFilterFields,
      next.filter((filter) => !isDefault(filter)),
    )
    if (next.some(({ field }) => field === 'state')) changed.delete('revoked')
    else changed.set('revoked', '1')
    changed.delete('show')
    router[how](`${path}?${renderQuery(changed)}`, { scroll: false })
  }
  return {
    filters,
    change,
    clear: () => change([]),
    only: (field: string, value: string) =>
      change(setFilter(filters, { field, isNot: false, values: [value] })),
  }
}

function BulkActs({
  chosen,
  clear,
  refresh,
}: {
  chosen: readonly KeyRow[]
  clear: () => void
  refresh: () => Promise<void>
}) {
  const zone = useZone()
  const [isActing, startActing] = useTransition()
  const [isRotating, setIsRotating] = useState(false)
  const mine = chosen.filter(({ mayManage }) => mayManage)
  const isOn = ({ condition }: KeyRow) => condition === 'active' || condition === 'at-limit'
  const on = mine.filter(isOn)
  const off = mine.filter(({ condition }) => condition === 'disabled')

  const act = (rows: readonly KeyRow[], to: 'disabled' | 'enabled') =>
    startActing(async () => {
      const ids = rows.map(({ id }) => id)
      const verbs = { disabled: disableKeysAction, enabled: enableKeysAction }
      const result = await verbs[to](ids)
      await refresh()
      if (!result.ok) {
        toastProblem(`${namesOf(rows)} not ${to}`, result.error.message)
        return
      }
      clear()
      const { rest } = result
      const changed = rows.filter(({ id }) => result.ids.includes(id))
      if (rest) toastProblem(`${formatNumberOf(rest.count, 'key')} not ${to}`, rest.problem)
      const back = to === 'disabled' ? 'enabled' : 'disabled'
      toastDone(`${namesOf(changed)} ${to}`, async () => {
        const undone = await verbs[back](result.ids)
        if (!undone.ok) toastProblem(`${namesOf(changed)} still ${to}`, undone.error.message)
        else if (undone.rest) {
          const still = formatNumberOf(undone.rest.count, 'key')
          toastProblem(`${still} still ${to}`, undone.rest.problem)
        }
        await refresh()
      })
    })

  return (
    <>
      {on.length > 0 && (
        <Button variant="outline" disabled={isActing} onClick={() => act(on, 'disabled')}>
          Disable
        </Button>
      )}
      {off.length > 0 && (
        <Button variant="outline" disabled={isActing} onClick={() => act(off, 'enabled')}>
          Enable
        </Button>
      )}
      {mine.length > 0 && (
        <Button variant="outline" onClick={() => setIsRotating(true)}>
          Rotate
        </Button>
      )}
      <Button variant="outline" onClick={() => saveKeys(chosen, zone)}>
        Export
      </Button>
      <RotateKeys
        keys={mine}
        open={isRotating}
        onOpenChange={setIsRotating}
        onDone={() => {
          clear()
          void refresh()
        }}
      />
    </>
  )
}

function namesOf(rows: readonly KeyRow[]): string {
  const [first] = rows
  return rows.length === 1 && first ? first.name : formatNumberOf(rows.length, 'key')
}

function valuesUrl(query: string, field: string): string {
  const params = new URLSearchParams(query)
  params.set('values', field)
  return `/console/data/keys?${params}`
}

function saveKeys(rows: readonly KeyRow[], zone: string): void {
  const type = 'text/csv;charset=utf-8'
  saveFile('keys.csv', new Blob([renderKeysFile(rows, zone)], { type }))
}

function makeColumns(nowMs: number, showsOwner: boolean): Column<KeyRow>[] {
  const owner: Column<KeyRow> = {
    id: 'owner',
    header: 'Owner',
    width: 140,
    isSortable: true,
    card: 'detail',
    isCopyable: true,
    cell: (row) => row.ownerName,
    value: (row) => row.ownerName,
    filter: (row) => ({ field: 'owner', value: row.ownerName }),
  }
  return [
    {
      id: 'name',
      header: 'Name',
      grow: true,
      width: 180,
      isSortable: true,
      card: 'title',
      isCopyable: true,
      cell: (row) => row.name,
      value: (row) => row.name,
    },
    {
      id: 'key',
      yields: true,
      header: 'Key',
      width: 150,
      isCopyable: true,
      cell: (row) => <code>op_{row.prefix}…</code>,
      value: (row) => `op_${row.prefix}`,
    },
    ...(showsOwner ? [owner] : []),
    {
      id: 'state',
      header: 'State',
      width: 132,
      isSortable: true,
      card: 'value',
      cell: (row) => <KeyState condition={row.condition} />,
      value: (row) => conditionWord(row.condition),
      filter: (row) => ({ field: 'state', value: row.condition }),
    },
    {
      id: 'now',
      header: 'Now',
      unit: 'of its limit',
      width: 148,
      isSortable: true,
      card: showsOwner ? 'end' : 'detail',
      cell: (row) => <WindowUse row={row} />,
    },
    {
      id: 'expires',
      yields: true,
      header: 'Expires',
      width: 112,
      isSortable: true,
      cell: (row) => <RelativeTime ms={row.expiresAtMs} nowMs={nowMs} absent="never" />,
    },
    {
      id: 'used',
      yields: true,
      header: 'Used',
      width: 112,
      isSortable: true,
      ...(!showsOwner && { card: 'end' as const }),
      cell: (row) => <RelativeTime ms={row.lastUsedAtMs} nowMs={nowMs} absent="never" />,
    },
    {
      id: 'limit',
      header: 'Limit',
      width: 168,
      isHiddenAtFirst: true,
      cell: (row) => limitWords(row.limit),
      value: (row) => limitWords(row.limit),
    },
    {
      id: 'permissions',
      header: 'Permissions',
      width: 220,
      isHiddenAtFirst: true,
      cell: (row) => row.permissions.join(', '),
      value: (row) => row.permissions.join(', '),
    },
    {
      id: 'created',
      header: 'Created',
      width: 112,
      isSortable: true,
      isHiddenAtFirst: true,
      cell: (row) => <RelativeTime ms={row.createdAtMs} nowMs={nowMs} />,
    },
  ]
}
