import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { LiveProvider } from '@/components/live/live'
import { requireSession } from '@/lib/admin/session'
import { readUserPage } from '@/lib/admin/user-page'
import { toSearchParams } from '@/lib/ui/query'
import { readRange } from '@/lib/ui/range'
import { tableCookie } from '@/lib/ui/table-layout'
import { readUser } from '../../../data/users/read-user'
import { orNotFound } from '../or-not-found'
import { UserView } from './user-view'

type Props = {
  params: Promise<{ id: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { admin } = await requireSession()
  const { user, isSelf } = await orNotFound(readUserPage(admin, (await params).id))
  return { title: isSelf ? 'Your page' : user.name }
}

export default async function UserPage({ params, searchParams }: Props) {
  const session = await requireSession()
  const nowMs = session.admin.clock.nowMs()
  const rangeText = toSearchParams(await searchParams).get('range')
  const range = readRange(rangeText, { nowMs, zone: session.timezone })
  const initial = await orNotFound(readUser(session, { id: (await params).id, rangeText }))
  const layout = (await cookies()).get(tableCookie('user-keys'))?.value
  return (
    <LiveProvider isOn={range.kind === 'relative'}>
      <UserView initial={initial} nowMs={nowMs} layout={layout} />
    </LiveProvider>
  )
}
