import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { PageCrumbs } from '@/components/shell/crumbs'
import { Page, Section } from '@/components/shell/page'
import { Facts } from '@/components/side-sheet/facts'
import { Card } from '@/components/ui/card'
import { requireSession } from '@/lib/admin/session'
import { readTeamPage } from '@/lib/admin/team-page'
import { readPeopleUsage } from '@/lib/admin/user-page'
import { readRange, resolveRange } from '@/lib/ui/range'
import { tableCookie } from '@/lib/ui/table-layout'
import { limitWords } from '../../keys/key-state'
import { toSearchParams } from '../../keys/search-params'
import { orNotFound } from '../../users/or-not-found'
import { PeopleFigures } from '../../users/people-figures'
import { AddMember } from './add-member'
import { MembersTable } from './members-table'
import { TeamActs } from './team-acts'

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
  const { admin, timezone } = await requireSession()
  const nowMs = admin.clock.nowMs()
  const search = toSearchParams(await searchParams)
  const range = readRange(search.get('range'), { nowMs, zone: timezone })
  const page = await orNotFound(readTeamPage(admin, (await params).id))
  const { team, members, usageOf, may } = page
  const userIds = usageOf ?? []
  const usage =
    userIds.length > 0
      ? await readPeopleUsage(admin, userIds, { period: resolveRange(range, nowMs), timezone })
      : null
  const layout = (await cookies()).get(tableCookie('members'))?.value
  const rest = members.length - userIds.length
  return (
    <Page
      title={<span title={team.name}>{team.name}</span>}
      description={team.description || undefined}
      actions={may.manage ? <TeamActs team={team} /> : undefined}
    >
      <PageCrumbs
        crumbs={[{ label: 'Teams', href: '/console/users?view=teams' }, { label: team.name }]}
      />
      <Card className="gap-3 p-4">
        <h2 className="font-semibold text-base">What holds for its members</h2>
        <Facts
          facts={[
            { label: 'Models', value: <Models rules={team.models} /> },
            {
              label: 'Rate limit',
              value: team.rateLimit
                ? `${limitWords(team.rateLimit)}, for each key without a limit of its own or its owner's`
                : 'none of its own',
            },
          ]}
        />
      </Card>
      <Section
        title="Members"
        description="A team admin manages the keys of its members."
        actions={
          may.manage && page.candidates.length > 0 ? (
            <AddMember team={team} candidates={page.candidates} />
          ) : undefined
        }
      >
        <MembersTable
          team={team}
          members={members}
          nowMs={nowMs}
          layout={layout}
          mayManage={may.manage}
        />
      </Section>
      {usage && (
        <PeopleFigures
          usage={usage}
          userIds={userIds}
          showsPeople
          description={
            rest > 0 ? `Of ${userIds.length} of ${members.length} members` : 'Of its members of now'
          }
        />
      )}
    </Page>
  )
}

function Models({ rules }: { rules: { allow: string[]; deny: string[] } }) {
  return (
    <span className="flex flex-col gap-1">
      {rules.allow.join() === '*' ? 'every model' : <Codes list={rules.allow} />}
      {rules.deny.length > 0 && (
        <span className="flex flex-wrap items-baseline gap-x-1.5">
          <span className="text-muted-foreground">but not</span>
          <Codes list={rules.deny} />
        </span>
      )}
    </span>
  )
}

function Codes({ list }: { list: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {list.map((word) => (
        <code key={word} className="wrap-anywhere rounded-sm bg-muted px-1 py-px text-xs">
          {word}
        </code>
      ))}
    </span>
  )
}
