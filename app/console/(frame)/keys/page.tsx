import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { LiveProvider } from '@/components/live/live'
import { LiveButton } from '@/components/live/live-button'
import { Page } from '@/components/shell/page'
import { listKeyOwners } from '@/lib/admin/key-owners'
import { listKeyRows } from '@/lib/admin/key-rows'
import { canReadEverything } from '@/lib/admin/permissions'
import { requireSession } from '@/lib/admin/session'
import { toSearchParams } from '@/lib/ui/query'
import { tableCookie } from '@/lib/ui/table-layout'
import { CreateKeyButton } from './create-key'
import { KeysTable } from './keys-table'
import { parseKeysParams } from './search-params'
import { ViewSwitch } from './view-switch'

export const metadata: Metadata = { title: 'Keys' }

export default async function KeysPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { admin, actor, user } = await requireSession()
  const params = toSearchParams(await searchParams)
  const [keys, owners, cookie] = await Promise.all([
    listKeyRows(admin, parseKeysParams(params)),
    listKeyOwners(admin),
    cookies(),
  ])
  const seesOthers = canReadEverything(actor) || isTeamAdmin(actor)
  const mayCreate = owners.length > 0
  const createButton = mayCreate ? <CreateKeyButton owners={owners} ownId={user.id} /> : null
  return (
    <LiveProvider>
      <Page
        title={seesOthers ? 'Keys' : 'My keys'}
        badge={seesOthers ? <ViewSwitch /> : undefined}
        actions={
          <>
            <LiveButton />
            {createButton}
          </>
        }
      >
        <KeysTable
          initial={keys}
          nowMs={admin.clock.nowMs()}
          layout={cookie.get(tableCookie('keys'))?.value}
          showsOwner={seesOthers}
          mayAct={mayCreate}
        />
      </Page>
    </LiveProvider>
  )
}

function isTeamAdmin(actor: Awaited<ReturnType<typeof requireSession>>['actor']): boolean {
  return actor.kind === 'user' && (actor.managedUserIds ?? []).some((id) => id !== actor.id)
}
