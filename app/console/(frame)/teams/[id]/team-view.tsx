'use client'

import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { useRange } from '@/components/range-picker/range-picker'
import { PageCrumbs } from '@/components/shell/crumbs'
import { Page, Section } from '@/components/shell/page'
import { Facts } from '@/components/side-sheet/facts'
import { StaleProblem } from '@/components/states/stale-problem'
import { Card } from '@/components/ui/card'
import { liveIntervalMs, renderRange } from '@/lib/ui/range'
import type { TeamData } from '../../../data/teams/read-team'
import { limitWords } from '../../keys/key-state'
import { PeopleFigures } from '../../users/people-figures'
import { AddMember } from './add-member'
import { MembersTable } from './members-table'
import { TeamActs } from './team-acts'

/** A team: what holds for its members, who they are and what they did, kept up to date. */
export function TeamView({
  initial,
  nowMs,
  layout,
}: {
  initial: TeamData
  nowMs: number
  layout: string | undefined
}) {
  const [range] = useRange()
  const { id } = initial.page.team
  const text = renderRange(range)
  const { data, problem, asOfMs, refresh } = useLive<TeamData>({
    // Each render of the server begins anew: an act is seen at once.
    key: ['team', id, text, nowMs],
    url: `/console/data/teams/${encodeURIComponent(id)}?range=${encodeURIComponent(text)}`,
    initialData: initial,
    intervalMs: liveIntervalMs(range),
  })
  const { page, usage } = data
  const { team, members, usageOf, may } = page
  const userIds = usageOf ?? []
  const rest = members.length - userIds.length
  const add =
    may.manage && page.candidates.length > 0 ? (
      <AddMember team={team} candidates={page.candidates} />
    ) : undefined
  return (
    <Page
      title={<span title={team.name}>{team.name}</span>}
      description={team.description || undefined}
      actions={
        <>
          <LiveButton />
          {may.manage && <TeamActs team={team} />}
        </>
      }
    >
      <PageCrumbs
        crumbs={[{ label: 'Teams', href: '/console/users?view=teams' }, { label: team.name }]}
      />
      <StaleProblem problem={problem} asOfMs={asOfMs} refresh={refresh} />
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
        actions={members.length > 0 ? add : undefined}
      >
        <MembersTable
          team={team}
          members={members}
          nowMs={nowMs}
          layout={layout}
          mayManage={may.manage}
          add={add}
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
