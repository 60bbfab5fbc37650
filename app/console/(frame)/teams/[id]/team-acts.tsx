'use client'

import { EllipsisIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { toastDone } from '@/components/toast/toast'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import type { Team } from '@/lib/db/contract'
import { formatNumberOf } from '@/lib/ui/format'
import { removeTeamCommand } from '@/lib/ui/people-command'
import { removeTeamAction } from '../../users/actions'
import { TeamDialog } from '../../users/team-dialog'

/** Edit and remove. */
export function TeamActs({ team }: { team: Team }) {
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null)
  const router = useRouter()
  return (
    <>
      <Button variant="outline" onClick={() => setOpen('edit')}>
        Edit team
      </Button>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" size="icon" aria-label="More acts" title="More acts">
            <EllipsisIcon />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem variant="destructive" onSelect={() => setOpen('remove')}>
            Remove team
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
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
        <div className="-ml-3">
          <AsCommand args={removeTeamCommand(team.name)} />
        </div>
      </TypedConfirmation>
    </>
  )
}
