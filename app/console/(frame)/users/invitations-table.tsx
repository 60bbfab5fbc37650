'use client'

import { MailIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo, useTransition } from 'react'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { EmptyNew } from '@/components/states/states'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import type { Invitation } from '@/lib/db/contract'
import { formatNumberOf } from '@/lib/ui/format'
import { withdrawInvitationAction } from './actions'
import { roleWords } from './people-words'

type Row = Invitation & { teamNames: string[] }

/** Links that are neither used nor over. */
export function InvitationsTable({
  rows,
  nowMs,
  layout,
}: {
  rows: readonly Row[]
  nowMs: number
  layout: string | undefined
}) {
  const columns = useMemo(() => makeColumns(nowMs), [nowMs])
  return (
    <DataTable
      id="invitations"
      label="Invitations"
      columns={columns}
      rows={rows}
      getRowId={(row) => row.id}
      layout={layout}
      sorting="none"
      count={formatNumberOf(rows.length, 'open invitation')}
      empty={
        <EmptyNew icon={MailIcon} title="No open invitations">
          An invitation is a link by which one person comes in, within 72 h.
        </EmptyNew>
      }
    />
  )
}

function WithdrawButton({ row }: { row: Row }) {
  const router = useRouter()
  const [isActing, startActing] = useTransition()
  const withdraw = () =>
    startActing(async () => {
      const result = await withdrawInvitationAction(row.id)
      if (result.ok) toastDone('Invitation withdrawn: its link no longer works')
      else toastProblem('The invitation was not withdrawn', result.error.message)
      router.refresh()
    })
  return (
    <Button variant="outline" size="sm" disabled={isActing} onClick={withdraw}>
      Withdraw invitation
    </Button>
  )
}

function nameOf({ userName, email }: Row): string {
  return userName ?? email ?? 'Whoever has the link'
}

function makeColumns(nowMs: number): Column<Row>[] {
  return [
    {
      id: 'for',
      header: 'For',
      grow: true,
      width: 180,
      card: 'title',
      cell: (row) => <span className="font-medium">{nameOf(row)}</span>,
      value: nameOf,
    },
    {
      id: 'role',
      header: 'Role',
      width: 104,
      card: 'detail',
      cell: (row) => roleWords[row.role].label,
      value: (row) => roleWords[row.role].label,
    },
    {
      id: 'teams',
      yields: true,
      header: 'Teams',
      width: 180,
      cell: (row) =>
        row.teamNames.join(', ') || <span className="text-muted-foreground">none</span>,
      value: (row) => row.teamNames.join(', '),
    },
    {
      id: 'by',
      yields: true,
      header: 'Invited by',
      width: 140,
      cell: (row) => row.createdBy,
      value: (row) => row.createdBy,
    },
    {
      id: 'over',
      header: 'Link ends',
      width: 116,
      card: 'end',
      cell: (row) => <RelativeTime ms={row.expiresAtMs} nowMs={nowMs} />,
    },
    {
      id: 'withdraw',
      header: 'Act',
      width: 172,
      align: 'right',
      card: 'value',
      isHideable: false,
      cell: (row) => <WithdrawButton row={row} />,
    },
  ]
}
