'use client'

import { UsersRoundIcon } from 'lucide-react'
import { useMemo } from 'react'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Link } from '@/components/link/link'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { EmptyNew } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import type { TeamRow } from '@/lib/admin/user-rows'
import { formatExact, formatNumberOf } from '@/lib/ui/format'
import { limitWords } from '../keys/key-state'

/** Every team, with what holds for its members. */
export function TeamsTable({
  rows,
  nowMs,
  layout,
  mayCreate,
}: {
  rows: readonly TeamRow[]
  nowMs: number
  layout: string | undefined
  mayCreate: boolean
}) {
  const columns = useMemo(() => makeColumns(nowMs), [nowMs])
  return (
    <DataTable
      id="teams"
      label="Teams"
      columns={columns}
      rows={rows}
      getRowId={(row) => row.id}
      getRowHref={(row) => `/console/teams/${row.id}`}
      layout={layout}
      sorting="browser"
      count={formatNumberOf(rows.length, 'team')}
      empty={
        <EmptyNew
          icon={UsersRoundIcon}
          title="No teams yet"
          action={
            mayCreate && (
              <Button asChild variant="outline">
                <Link href="/console/users?view=teams&do=create">Create team</Link>
              </Button>
            )
          }
        >
          A team gives its members common models and a common limit.
        </EmptyNew>
      }
    />
  )
}

export function modelWords({ allow, deny }: { allow: string[]; deny: string[] }): string {
  const all = allow.join() === '*' ? 'every model' : allow.join(', ')
  return deny.length === 0 ? all : `${all}, not ${deny.join(', ')}`
}

function makeColumns(nowMs: number): Column<TeamRow>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 180,
      isSortable: true,
      card: 'title',
      cell: (row) => row.name,
      value: (row) => row.name,
    },
    {
      id: 'members',
      header: 'Members',
      width: 96,
      align: 'right',
      isSortable: true,
      card: 'value',
      cell: (row) => formatExact(row.memberCount),
      value: (row) => row.memberCount,
    },
    {
      id: 'admins',
      yields: true,
      header: 'Team admins',
      width: 180,
      card: 'detail',
      cell: (row) => row.admins.map(({ name }) => name).join(', ') || none,
      value: (row) => row.admins.map(({ name }) => name).join(', '),
    },
    {
      id: 'models',
      yields: true,
      header: 'Models',
      grow: true,
      width: 180,
      cell: (row) => modelWords(row.models),
      value: (row) => modelWords(row.models),
    },
    {
      id: 'limit',
      header: 'Rate limit',
      width: 168,
      cell: (row) => (row.rateLimit ? limitWords(row.rateLimit) : none),
      value: (row) => (row.rateLimit ? limitWords(row.rateLimit) : ''),
    },
    {
      id: 'requests',
      header: 'Requests',
      unit: '30 d',
      width: 132,
      align: 'right',
      isSortable: true,
      card: 'end',
      cell: (row) => formatExact(row.requests),
      value: (row) => row.requests,
    },
    {
      id: 'created',
      header: 'Created',
      width: 116,
      isHiddenAtFirst: true,
      isSortable: true,
      cell: (row) => <RelativeTime ms={row.createdAtMs} nowMs={nowMs} />,
      value: (row) => row.createdAtMs,
    },
  ]
}

const none = <span className="text-muted-foreground">none</span>
