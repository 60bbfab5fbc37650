import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LiveProvider } from '@/components/live/live'
import { openConsole } from '@/lib/admin/open-console'
import { canBackUpDatabase, canManageSettings, canSeePage } from '@/lib/admin/permissions'
import { requireSession } from '@/lib/admin/session'
import { readSystemPage } from './read-system-page'
import { SystemView } from './system-view'

export const metadata: Metadata = { title: 'System' }

export default async function SystemPage() {
  const { admin, actor } = await requireSession()
  if (!canSeePage(actor, 'system')) notFound()
  return (
    <LiveProvider>
      <SystemView
        initial={await readSystemPage(admin, await openConsole())}
        mayBackUp={canBackUpDatabase(actor)}
        mayManage={canManageSettings(actor)}
      />
    </LiveProvider>
  )
}
