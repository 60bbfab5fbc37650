'use client'

import { UsersIcon } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { saveFile } from '@/components/charts/save-file'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { useGrowing } from '@/components/data-table/use-growing'
import { FilterBar } from '@/components/filters/filter-bar'
import { loadFilterValues } from '@/components/filters/load-values'
import { useFilters } from '@/components/filters/use-filters'
import { useLive } from '@/components/live/use-live'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { useZone } from '@/components/shell/zone'
import { StaleProblem } from '@/components/states/stale-problem'
import { EmptyFiltered, EmptyNew } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import type { UserRow, UserRows } from '@/lib/admin/user-rows'
import { describeFilter } from '@/lib/ui/filters'
import { formatExact } from '@/lib/ui/format'
import { userFilterFields, userRowsMax } from '@/lib/ui/user-list'
import { conditionLooks, roleWords } from './people-words'
import { usersPageSize } from './search-params'
import { UserState } from './user-state'
import { lastSeen, renderUsersFile } from './users-file'

const everyMs = 10_000

/** The people: filtered and sorted by the server, renewed while it is open. */
export function UsersTable({
  initial,
  nowMs,
  layout,
}: {
  initial: UserRows
  nowMs: number
  layout: string | undefined
}) {
  const zone = useZone()
  const query = useSearchParams().toString()
  const { data, problem, asOfMs, isBusy, refresh } = useLive<UserRows>({
    key: ['users', query],
    url: `/console/data/users?${query}`,
    initialData: initial,
    intervalMs: everyMs,
  })
  const filters = useFilters(userFilterFields)
  const columns = useMemo(() => makeColumns(nowMs), [nowMs])
  const growing = useGrowing({
    shown: data.rows.length,
    count: data.count,
    shownMax: userRowsMax,
    step: usersPageSize,
    noun: 'user',
    isLoading: isBusy,
  })
  return (
    <DataTable
      id="users"
      label="People"
      columns={columns}
      rows={data.rows}
      getRowId={(row) => row.id}
      getRowHref={(row) => `/console/users/${row.id}`}
      layout={layout}
      sorting="server"
      isBusy={isBusy}
      onFilter={filters.only}
      toolbar={
        <FilterBar
          {...filters}
          fields={userFilterFields}
          resultCount={formatExact(data.count)}
          loadValues={(field, text) => loadFilterValues(valuesUrl(query, field), text)}
        />
      }
      tools={
        <Button variant="outline" onClick={() => saveUsers(data.rows, zone)}>
          Export
        </Button>
      }
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
        filters.filters.length === 0 ? (
          <EmptyNew icon={UsersIcon} title="No users yet">
            People own keys.
          </EmptyNew>
        ) : (
          <EmptyFiltered
            what="No users"
            filters={filters.filters.flatMap((filter) => {
              const field = userFilterFields.find(({ id }) => id === filter.field)
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
      {...growing}
    />
  )
}

function valuesUrl(query: string, field: string): string {
  const params = new URLSearchParams(query)
  params.set('field', field)
  return `/console/data/users/values?${params}`
}

function saveUsers(rows: readonly UserRow[], zone: string): void {
  const type = 'text/csv;charset=utf-8'
  saveFile('users.csv', new Blob([renderUsersFile(rows, zone)], { type }))
}

function makeColumns(nowMs: number): Column<UserRow>[] {
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
      id: 'role',
      header: 'Role',
      width: 104,
      isSortable: true,
      card: 'detail',
      cell: (row) => roleWords[row.role].label,
      value: (row) => roleWords[row.role].label,
      filter: (row) => ({ field: 'role', value: row.role }),
    },
    {
      id: 'state',
      header: 'State',
      width: 140,
      isSortable: true,
      card: 'value',
      cell: (row) => <UserState condition={row.condition} />,
      value: (row) => conditionLooks[row.condition].word,
      filter: (row) => ({ field: 'state', value: row.condition }),
    },
    {
      id: 'teams',
      yields: true,
      header: 'Teams',
      width: 190,
      cell: (row) =>
        row.teams.length === 0 ? (
          <span className="text-muted-foreground">none</span>
        ) : (
          row.teams.map(({ name }) => name).join(', ')
        ),
      value: (row) => row.teams.map(({ name }) => name).join(', '),
      filter: ({ teams: [first] }) => (first ? { field: 'team', value: first.name } : null),
    },
    {
      id: 'keys',
      yields: true,
      header: 'Keys',
      width: 80,
      align: 'right',
      isSortable: true,
      cell: (row) => formatExact(row.keyCount),
      value: (row) => row.keyCount,
    },
    {
      id: 'requests',
      header: 'Requests',
      unit: '30 d',
      width: 132,
      align: 'right',
      isSortable: true,
      cell: (row) => formatExact(row.requests),
      value: (row) => row.requests,
    },
    {
      id: 'seen',
      header: 'Last here',
      width: 116,
      isSortable: true,
      card: 'end',
      cell: (row) => <RelativeTime ms={lastSeen(row)} nowMs={nowMs} absent="never" />,
    },
    {
      id: 'email',
      header: 'E-mail',
      width: 200,
      isHiddenAtFirst: true,
      isCopyable: true,
      cell: (row) => row.email ?? <span className="text-muted-foreground">–</span>,
      value: (row) => row.email ?? '',
    },
    {
      id: 'created',
      header: 'Created',
      width: 116,
      isSortable: true,
      isHiddenAtFirst: true,
      cell: (row) => <RelativeTime ms={row.createdAtMs} nowMs={nowMs} />,
    },
  ]
}
