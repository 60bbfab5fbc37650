'use client'

import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { useRange } from '@/components/range-picker/range-picker'
import { PageCrumbs } from '@/components/shell/crumbs'
import { Page, Section } from '@/components/shell/page'
import { StaleProblem } from '@/components/states/stale-problem'
import { Badge } from '@/components/ui/badge'
import { liveIntervalMs, renderRange } from '@/lib/ui/range'
import type { UserData } from '../../../data/users/read-user'
import { PeopleFigures } from '../people-figures'
import { roleWords } from '../people-words'
import { UserState } from '../user-state'
import { UserActs } from './user-acts'
import { UserFacts } from './user-facts'
import { UserKeys } from './user-keys'

/** A person: account, usage and keys, kept up to date. */
export function UserView({
  initial,
  nowMs,
  layout,
}: {
  initial: UserData
  nowMs: number
  layout: string | undefined
}) {
  const [range] = useRange()
  const { id } = initial.page.user
  const text = renderRange(range)
  const { data, problem, asOfMs, refresh } = useLive<UserData>({
    // Each render of the server begins anew: an act is seen at once.
    key: ['user', id, text, nowMs],
    url: `/console/data/users/${encodeURIComponent(id)}?range=${encodeURIComponent(text)}`,
    initialData: initial,
    intervalMs: liveIntervalMs(range),
  })
  const { page, usage } = data
  const { user, keys, revokedKeyCount, isSelf, may } = page
  return (
    <Page
      title={<span title={user.name}>{user.name}</span>}
      badge={
        <span className="flex items-center gap-2">
          <Badge variant="outline">{roleWords[user.role].label}</Badge>
          <UserState condition={user.condition} />
        </span>
      }
      actions={
        <>
          <LiveButton />
          <UserActs page={page} />
        </>
      }
    >
      <PageCrumbs crumbs={[{ label: user.name }]} />
      <StaleProblem problem={problem} asOfMs={asOfMs} refresh={refresh} />
      <UserFacts page={page} />
      <PeopleFigures usage={usage} userIds={[user.id]} />
      <Section
        title={isSelf ? 'Your keys' : 'Keys'}
        description={revokedKeyCount > 0 ? `Without ${revokedKeyCount} revoked` : undefined}
      >
        <UserKeys keys={keys} nowMs={nowMs} layout={layout} mayCreate={may.manageKeys && isSelf} />
      </Section>
    </Page>
  )
}
