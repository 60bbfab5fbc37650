import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { PageCrumbs } from '@/components/shell/crumbs'
import { Page, Section } from '@/components/shell/page'
import { Badge } from '@/components/ui/badge'
import { requireSession } from '@/lib/admin/session'
import { readPeopleUsage, readUserPage } from '@/lib/admin/user-page'
import { readRange, resolveRange } from '@/lib/ui/range'
import { tableCookie } from '@/lib/ui/table-layout'
import { toSearchParams } from '../../keys/search-params'
import { orNotFound } from '../or-not-found'
import { PeopleFigures } from '../people-figures'
import { roleWords } from '../people-words'
import { UserState } from '../user-state'
import { UserActs } from './user-acts'
import { UserFacts } from './user-facts'
import { UserKeys } from './user-keys'

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
  const { admin, timezone } = await requireSession()
  const nowMs = admin.clock.nowMs()
  const search = toSearchParams(await searchParams)
  const range = readRange(search.get('range'), { nowMs, zone: timezone })
  const page = await orNotFound(readUserPage(admin, (await params).id))
  const { user } = page
  const usage = await readPeopleUsage(admin, [user.id], {
    period: resolveRange(range, nowMs),
    timezone,
  })
  const layout = (await cookies()).get(tableCookie('user-keys'))?.value
  return (
    <Page
      title={<span title={user.name}>{user.name}</span>}
      badge={
        <span className="flex items-center gap-2">
          <Badge variant="outline">{roleWords[user.role].label}</Badge>
          <UserState condition={user.condition} />
        </span>
      }
      actions={<UserActs page={page} />}
    >
      <PageCrumbs crumbs={[{ label: user.name }]} />
      <UserFacts page={page} />
      <PeopleFigures usage={usage} userIds={[user.id]} />
      <Section
        title={page.isSelf ? 'Your keys' : 'Keys'}
        description={
          page.revokedKeyCount > 0 ? `Without ${page.revokedKeyCount} revoked` : undefined
        }
      >
        <UserKeys
          keys={page.keys}
          nowMs={nowMs}
          layout={layout}
          mayCreate={page.may.manageKeys && page.isSelf}
        />
      </Section>
    </Page>
  )
}
