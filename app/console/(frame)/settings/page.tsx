import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { LiveProvider } from '@/components/live/live'
import { openConsole } from '@/lib/admin/open-console'
import { canManageSettings, canSeePage } from '@/lib/admin/permissions'
import { findCaller, requireSession } from '@/lib/admin/session'
import { readSettingsPage } from '@/lib/admin/settings-page'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { SettingsView } from './settings-view'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  const { admin, actor } = await requireSession()
  if (!canSeePage(actor, 'settings')) notFound()
  const [{ environment }, { secure }, header] = await Promise.all([
    openConsole(),
    findCaller(),
    headers(),
  ])
  const host = header.get(callerHeaderNames.host) ?? header.get('host') ?? 'localhost'
  return (
    <LiveProvider>
      <SettingsView
        initial={await readSettingsPage(admin, environment)}
        nowMs={admin.clock.nowMs()}
        mayManage={canManageSettings(actor)}
        callbackUrl={`${secure ? 'https' : 'http'}://${host}/auth/callback/oidc`}
        address={actor.address}
      />
    </LiveProvider>
  )
}
