'use client'

import { EllipsisIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { LazyMenu } from '@/components/lazy-overlay/lazy-menu'
import { toastDone } from '@/components/toast/toast'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { Button } from '@/components/ui/button'
import type { Team } from '@/lib/db/contract'
import { formatNumberOf } from '@/lib/ui/format'
import { removeTeamCommand } from '@/lib/ui/people-command'
import { BlastFacts } from '../../blast-facts'
import { removeTeamAction } from '../../users/actions'

const TeamDialog = lazyDialog(() => import('../../users/team-dialog').then((m) => m.TeamDialog))

/** Edit and remove. */
export function TeamActs({ team }: { team: Team }) {
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null)
  const router = useRouter()
  return (
    <>
      <Button variant="outline" onClick={() => setOpen('edit')}>
        Edit team
      </Button>
      <LazyMenu
        button={
          <Button variant="outline" size="icon" aria-label="More acts" title="More acts">
            <EllipsisIcon />
          </Button>
        }
        align="end"
      >
        {({ DropdownMenuItem }) => (
          <>
            <DropdownMenuItem variant="destructive" onSelect={() => setOpen('remove')}>
              Remove team
            </DropdownMenuItem>
          </>
        )}
      </LazyMenu>
      <TeamDialog
        team={team}
        open={open === 'edit'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'edit' : null)}
        onDone={() => router.refresh()}
      />
      <TypedConfirmation
        open={open === 'remove'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'remove' : null)}
        title={`Remove ${team.name}?`}
        description={`${formatNumberOf(team.memberCount, 'member')} stay users; what the team allowed or forbade their keys ends.`}
        phrase={team.name}
        verb="Remove team"
        act={async () => {
          const result = await removeTeamAction(team.id)
          if (result.ok) {
            toastDone(`Team ${team.name} removed`)
            router.push('/console/users?view=teams')
          }
          return result
        }}
      >
        <BlastFacts target={{ team: team.id }} />
        <div className="-ml-3">
          <AsCommand args={removeTeamCommand(team.name)} />
        </div>
      </TypedConfirmation>
    </>
  )
}
