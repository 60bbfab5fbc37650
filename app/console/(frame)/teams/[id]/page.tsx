import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { LiveProvider } from '@/components/live/live'
import { requireSession } from '@/lib/admin/session'
import { readTeamPage } from '@/lib/admin/team-page'
import { toSearchParams } from '@/lib/ui/query'
import { readRange } from '@/lib/ui/range'
import { tableCookie } from '@/lib/ui/table-layout'
import { readTeam } from '../../../data/teams/read-team'
import { orNotFound } from '../../users/or-not-found'
import { TeamView } from './team-view'

type Props = {
  params: Promise<{ id: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { admin } = await requireSession()
  const { team } = await orNotFound(readTeamPage(admin, (await params).id))
  return { title: team.name }
}

export default async function TeamPage({ params, searchParams }: Props) {
  const session = await requireSession()
  const nowMs = session.admin.clock.nowMs()
  const rangeText = toSearchParams(await searchParams).get('range')
  const range = readRange(rangeText, { nowMs, zone: session.timezone })
  const initial = await orNotFound(readTeam(session, { id: (await params).id, rangeText }))
  const layout = (await cookies()).get(tableCookie('members'))?.value
  return (
    <LiveProvider isOn={range.kind === 'relative'}>
      <TeamView initial={initial} nowMs={nowMs} layout={layout} />
    </LiveProvider>
  )
}
