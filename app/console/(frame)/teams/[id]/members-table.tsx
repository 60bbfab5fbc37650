'use client'

import { EllipsisIcon, UsersRoundIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useMemo, useTransition } from 'react'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { LazyMenu } from '@/components/lazy-overlay/lazy-menu'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { EmptyNew } from '@/components/states/states'
import { StatusBadge } from '@/components/status-badge/status-badge'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import type { TeamPage } from '@/lib/admin/team-page'
import { formatNumberOf } from '@/lib/ui/format'
import { removeTeamMemberAction, setTeamMemberAction } from '../../users/actions'
import { roleWords } from '../../users/people-words'

type Member = TeamPage['members'][number]
type TeamName = { id: string; name: string }

/** Who is in a team, and what they are in it. */
export function MembersTable({
  team,
  members,
  nowMs,
  layout,
  mayManage,
  add,
}: {
  team: TeamName
  members: readonly Member[]
  nowMs: number
  layout: string | undefined
  mayManage: boolean
  add: ReactNode
}) {
  const { id, name } = team
  const columns = useMemo(
    () => makeColumns(nowMs, mayManage ? { id, name } : null),
    [nowMs, mayManage, id, name],
  )
  return (
    <DataTable
      id="members"
      label="Members"
      columns={columns}
      rows={members}
      getRowId={(member) => member.userId}
      getRowHref={(member) => (member.mayOpen ? `/console/users/${member.userId}` : null)}
      layout={layout}
      sorting="browser"
      count={formatNumberOf(members.length, 'member')}
      empty={
        <EmptyNew icon={UsersRoundIcon} title="No members yet" action={add}>
          What the team allows holds for the keys of its members.
        </EmptyNew>
      }
    />
  )
}

function MemberMenu({ team, member }: { team: TeamName; member: Member }) {
  const router = useRouter()
  const [isActing, startActing] = useTransition()
  const { userId, userName, isAdmin } = member
  const set = async (admin: boolean) =>
    setTeamMemberAction(team.id, { user: userId, isAdmin: admin })
  const act = (
    run: () => ReturnType<typeof set>,
    words: { done: string; failed: string },
    undo: () => ReturnType<typeof set>,
  ) =>
    startActing(async () => {
      const result = await run()
      router.refresh()
      if (!result.ok) {
        toastProblem(words.failed, result.error.message)
        return
      }
      toastDone(words.done, async () => {
        const undone = await undo()
        if (!undone.ok) toastProblem('It was not undone', undone.error.message)
        router.refresh()
      })
    })
  return (
    <LazyMenu
      button={
        <Button
          variant="ghost"
          size="icon-sm"
          disabled={isActing}
          aria-label={`Acts on ${userName}`}
        >
          <EllipsisIcon />
        </Button>
      }
      align="end"
    >
      {({ DropdownMenuItem }) => (
        <>
          <DropdownMenuItem
            onSelect={() =>
              act(
                () => set(!isAdmin),
                {
                  done: isAdmin
                    ? `${userName} is a member of ${team.name}`
                    : `${userName} is a team admin of ${team.name}`,
                  failed: `${userName} was not changed`,
                },
                () => set(isAdmin),
              )
            }
          >
            {isAdmin ? 'Make member' : 'Make team admin'}
          </DropdownMenuItem>
          <DropdownMenuItem
            variant="destructive"
            onSelect={() =>
              act(
                () => removeTeamMemberAction(team.id, { user: userId }),
                {
                  done: `${userName} is no longer in ${team.name}`,
                  failed: `${userName} was not taken out`,
                },
                () => set(isAdmin),
              )
            }
          >
            Take out of team
          </DropdownMenuItem>
        </>
      )}
    </LazyMenu>
  )
}

function makeColumns(nowMs: number, team: TeamName | null): Column<Member>[] {
  const acts: Column<Member> = {
    id: 'acts',
    header: 'Acts',
    width: 64,
    align: 'right',
    card: 'value',
    isHideable: false,
    cell: (member) => team && <MemberMenu team={team} member={member} />,
  }
  return [
    {
      id: 'name',
      header: 'Name',
      grow: true,
      width: 180,
      isSortable: true,
      card: 'title',
      cell: (member) => member.userName,
      value: (member) => member.userName,
    },
    {
      id: 'is',
      header: 'In the team',
      width: 140,
      isSortable: true,
      card: 'detail',
      cell: (member) => (member.isAdmin ? 'Team admin' : 'Member'),
      value: (member) => (member.isAdmin ? 'Team admin' : 'Member'),
    },
    {
      id: 'role',
      header: 'Role',
      width: 110,
      isSortable: true,
      cell: (member) => roleWords[member.userRole].label,
      value: (member) => roleWords[member.userRole].label,
    },
    {
      id: 'state',
      header: 'State',
      width: 140,
      cell: (member) => (
        <StatusBadge tone={member.userActive ? 'good' : 'off'} quiet={member.userActive}>
          {member.userActive ? 'Active' : 'Deactivated'}
        </StatusBadge>
      ),
      value: (member) => (member.userActive ? 'Active' : 'Deactivated'),
    },
    {
      id: 'since',
      yields: true,
      header: 'Since',
      width: 116,
      isSortable: true,
      card: 'end',
      cell: (member) => <RelativeTime ms={member.createdAtMs} nowMs={nowMs} />,
      value: (member) => member.createdAtMs,
    },
    ...(team ? [acts] : []),
  ]
}
