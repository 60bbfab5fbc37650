'use client'

import { PlusIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { useAskedDialog } from '@/components/lazy-dialog/use-asked-dialog'
import { Button } from '@/components/ui/button'
import type { Once } from './shown-once'

const InviteDialog = lazyDialog(() => import('./invite-dialog').then((m) => m.InviteDialog))
const ShownOnce = lazyDialog(() => import('./shown-once').then((m) => m.ShownOnce))
const TeamDialog = lazyDialog(() => import('./team-dialog').then((m) => m.TeamDialog))
const UserDialog = lazyDialog(() => import('./user-dialog').then((m) => m.UserDialog))

const dialogs = ['create', 'invite'] as const

/** What an admin may add here; `?do=create` and `?do=invite` open a dialog. */
export function PeopleActs({ teams }: { teams: readonly { id: string; name: string }[] }) {
  const [open, setOpen] = useAskedDialog(dialogs)
  const [once, setOnce] = useState<Once | null>(null)
  const router = useRouter()
  return (
    <>
      <Button variant="outline" onClick={() => setOpen('create')}>
        Create user
      </Button>
      <Button onClick={() => setOpen('invite')}>
        <PlusIcon /> Invite user
      </Button>
      <UserDialog
        open={open === 'create'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'create' : null)}
        onDone={(made) => {
          router.refresh()
          if (made === null) return
          setOnce({
            title: `User ${made.name} created`,
            description:
              'The password is shown only now. At the first sign-in they choose their own.',
            text: made.password,
            what: 'password',
          })
        }}
      />
      <InviteDialog
        teams={teams}
        open={open === 'invite'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'invite' : null)}
        onDone={(link) => {
          router.refresh()
          setOnce({
            title: 'Invitation created',
            description: 'The link is shown only now. It works once, within 72 h.',
            text: link,
            what: 'link',
          })
        }}
      />
      <ShownOnce open={once !== null} once={once} onClose={() => setOnce(null)} />
    </>
  )
}

const teamDialogs = ['create'] as const

/** `?do=create` opens it, too. */
export function CreateTeamButton() {
  const [open, setOpen] = useAskedDialog(teamDialogs)
  const router = useRouter()
  return (
    <>
      <Button onClick={() => setOpen('create')}>
        <PlusIcon /> Create team
      </Button>
      <TeamDialog
        open={open === 'create'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'create' : null)}
        onDone={(id) => {
          if (id !== null) router.push(`/console/teams/${id}`)
        }}
      />
    </>
  )
}
