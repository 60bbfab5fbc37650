import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { LiveProvider } from '@/components/live/live'
import { canManageBackends, canSeePage } from '@/lib/admin/permissions'
import { findServerPage } from '@/lib/admin/servers'
import { requireSession } from '@/lib/admin/session'
import { ServerView } from './server-view'

type Props = { params: Promise<{ id: string }> }

const readPage = cache(async (id: string) => {
  const { admin, actor } = await requireSession()
  return canSeePage(actor, 'servers') ? findServerPage(admin, id) : null
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = await readPage((await params).id)
  return { title: page?.server.name ?? 'Servers' }
}

export default async function ServerPage({ params }: Props) {
  const { admin, actor } = await requireSession()
  const page = await readPage((await params).id)
  if (page === null) notFound()
  return (
    <LiveProvider>
      <ServerView initial={page} nowMs={admin.clock.nowMs()} mayManage={canManageBackends(actor)} />
    </LiveProvider>
  )
}
