import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { notFound } from 'next/navigation'
import { LiveProvider } from '@/components/live/live'
import { Page } from '@/components/shell/page'
import { listInvitations } from '@/lib/admin/invitations'
import { canManageTeams, canManageUsers, canSeePage } from '@/lib/admin/permissions'
import { requireSession, type Session } from '@/lib/admin/session'
import { listTeams } from '@/lib/admin/teams'
import { listTeamRows, listUserRows } from '@/lib/admin/user-rows'
import { toSearchParams } from '@/lib/ui/query'
import { tableCookie } from '@/lib/ui/table-layout'
import { InvitationsTable } from './invitations-table'
import { CreateTeamButton, PeopleActs } from './people-acts'
import { parseUsersParams, type UserView } from './search-params'
import { TeamsTable } from './teams-table'
import { UsersTable } from './users-table'
import { ViewSwitch } from './view-switch'

export const metadata: Metadata = { title: 'Users' }

export default async function UsersPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const session = await requireSession()
  const { admin, actor } = session
  if (!canSeePage(actor, 'users')) notFound()
  const mayManage = canManageUsers(actor)
  const asked = parseUsersParams(toSearchParams(await searchParams))
  const view = asked.view === 'invitations' && !mayManage ? 'people' : asked.view
  const [teams, invitations] = await Promise.all([
    listTeams(admin),
    mayManage ? listInvitations(admin) : [],
  ])
  const views: { id: UserView; count: number | null }[] = [
    { id: 'people', count: null },
    { id: 'teams', count: teams.length },
    ...(mayManage ? [{ id: 'invitations' as const, count: invitations.length }] : []),
  ]
  const layout = (await cookies()).get(tableCookie(view === 'people' ? 'users' : view))?.value
  const nowMs = admin.clock.nowMs()
  const names = new Map(teams.map(({ id, name }) => [id, name]))
  return (
    <LiveProvider>
      <Page
        title="Users"
        badge={<ViewSwitch views={views} current={view} />}
        actions={<Acts view={view} actor={actor} teams={teams} />}
      >
        {view === 'people' && (
          <UsersTable initial={await listUserRows(admin, asked)} nowMs={nowMs} layout={layout} />
        )}
        {view === 'teams' && (
          <TeamsTable
            rows={await listTeamRows(admin)}
            nowMs={nowMs}
            layout={layout}
            mayCreate={canManageTeams(actor)}
          />
        )}
        {view === 'invitations' && (
          <InvitationsTable
            rows={invitations.map((invitation) => ({
              ...invitation,
              teamNames: invitation.teams.flatMap((id) => names.get(id) ?? []),
            }))}
            nowMs={nowMs}
            layout={layout}
          />
        )}
      </Page>
    </LiveProvider>
  )
}

function Acts({
  view,
  actor,
  teams,
}: {
  view: UserView
  actor: Session['actor']
  teams: readonly { id: string; name: string }[]
}) {
  if (view === 'teams') return canManageTeams(actor) ? <CreateTeamButton /> : null
  if (!canManageUsers(actor)) return null
  return <PeopleActs teams={teams.map(({ id, name }) => ({ id, name }))} />
}
