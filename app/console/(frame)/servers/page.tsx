import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { notFound } from 'next/navigation'
import { LiveProvider } from '@/components/live/live'
import { canManageBackends, canSeePage } from '@/lib/admin/permissions'
import { readServersPage } from '@/lib/admin/servers'
import { requireSession } from '@/lib/admin/session'
import { tableCookie } from '@/lib/ui/table-layout'
import { ServersView } from './servers-view'

export const metadata: Metadata = { title: 'Servers' }

export default async function ServersListPage() {
  const { admin, actor } = await requireSession()
  if (!canSeePage(actor, 'servers')) notFound()
  const [page, cookie] = await Promise.all([readServersPage(admin), cookies()])
  return (
    <LiveProvider>
      <ServersView
        initial={page}
        layout={cookie.get(tableCookie('servers'))?.value}
        nowMs={admin.clock.nowMs()}
        mayManage={canManageBackends(actor)}
      />
    </LiveProvider>
  )
}
