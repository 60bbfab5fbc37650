import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LiveProvider } from '@/components/live/live'
import { canManageFrontends, canManageModels, canSeePage } from '@/lib/admin/permissions'
import { readRoutingPage } from '@/lib/admin/routing-page'
import { requireSession } from '@/lib/admin/session'
import { RoutingView } from './routing-view'

export const metadata: Metadata = { title: 'Routing' }

export default async function RoutingPage() {
  const { admin, actor } = await requireSession()
  if (!canSeePage(actor, 'routing')) notFound()
  return (
    <LiveProvider>
      <RoutingView
        initial={await readRoutingPage(admin)}
        mayManage={canManageModels(actor)}
        maySetStrategy={canManageFrontends(actor)}
      />
    </LiveProvider>
  )
}
