'use client'

import { EllipsisIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { useAskedDialog } from '@/components/lazy-dialog/use-asked-dialog'
import { LazyMenu } from '@/components/lazy-overlay/lazy-menu'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { Button } from '@/components/ui/button'
import type { UserPage } from '@/lib/admin/user-page'
import { userCommand } from '@/lib/ui/people-command'
import { BlastFacts } from '../../blast-facts'
import {
  activateUserAction,
  deactivateUserAction,
  removeUserAction,
  resetPasswordAction,
  signOutEverywhereAction,
} from '../actions'
import type { Once } from '../shown-once'

const ChangePassword = lazyDialog(() => import('./change-password').then((m) => m.ChangePassword))
const DeactivateUser = lazyDialog(() => import('./deactivate-user').then((m) => m.DeactivateUser))
const ShownOnce = lazyDialog(() => import('../shown-once').then((m) => m.ShownOnce))
const UserDialog = lazyDialog(() => import('../user-dialog').then((m) => m.UserDialog))

const dialogs = ['edit', 'password', 'reset', 'sign-out', 'deactivate', 'remove'] as const

/** What may be done with an account: one's own password and sessions, or everything by an admin. */
export function UserActs({ page }: { page: UserPage }) {
  const { user, may, isSelf } = page
  const [open, setOpen] = useAskedDialog(dialogs)
  const [once, setOnce] = useState<Once | null>(null)
  const [isActing, startActing] = useTransition()
  const router = useRouter()
  const isOpen = (name: (typeof dialogs)[number]) => ({
    open: open === name,
    onOpenChange: (opens: boolean) => setOpen(opens ? name : null),
  })

  const activate = () =>
    startActing(async () => {
      const result = await activateUserAction(user.id)
      if (result.ok) toastDone(`${user.name} activated`, deactivate)
      else toastProblem(`${user.name} was not activated`, result.error.message)
      router.refresh()
    })
  const deactivate = async () => {
    const result = await deactivateUserAction(user.id)
    if (!result.ok) toastProblem(`${user.name} is still active`, result.error.message)
    router.refresh()
  }
  const signOut = async () => {
    const result = await signOutEverywhereAction(user.id)
    if (!result.ok) return result
    // A whole new page: nothing of a session that has ended stays in memory.
    if (isSelf) window.location.assign('/console/sign-in')
    else toastDone(`${user.name} is signed out everywhere`)
    return result
  }
  const reset = async () => {
    const result = await resetPasswordAction(user.id)
    if (!result.ok) return result
    router.refresh()
    setOnce({
      title: `New password of ${user.name}`,
      description: 'It is shown only now. At the next sign-in they choose their own.',
      text: result.password,
      what: 'password',
    })
    return result
  }
  const remove = async () => {
    const result = await removeUserAction(user.id)
    if (!result.ok) return result
    toastDone(`${user.name} removed`)
    router.push('/console/users')
    return result
  }

  return (
    <>
      {may.changePassword && (
        <Button variant="outline" onClick={() => setOpen('password')}>
          Change password
        </Button>
      )}
      {isSelf && !may.manage && (
        <Button variant="outline" onClick={() => setOpen('sign-out')}>
          Sign out everywhere
        </Button>
      )}
      {may.manage && (
        <>
          <Button variant="outline" onClick={() => setOpen('edit')}>
            Edit user
          </Button>
          {!user.active && (
            <Button variant="outline" disabled={isActing} onClick={activate}>
              Activate user
            </Button>
          )}
          <LazyMenu
            button={
              <Button variant="outline" size="icon" aria-label="More acts" title="More acts">
                <EllipsisIcon />
              </Button>
            }
            align="end"
          >
            {({ DropdownMenuItem, DropdownMenuSeparator }) => (
              <>
                {may.resetPassword && (
                  <DropdownMenuItem onSelect={() => setOpen('reset')}>
                    Reset password
                  </DropdownMenuItem>
                )}
                <DropdownMenuItem onSelect={() => setOpen('sign-out')}>
                  Sign out everywhere
                </DropdownMenuItem>
                {!isSelf && (
                  <>
                    <DropdownMenuSeparator />
                    {user.active && (
                      <DropdownMenuItem
                        variant="destructive"
                        onSelect={() => setOpen('deactivate')}
                      >
                        Deactivate user
                      </DropdownMenuItem>
                    )}
                    <DropdownMenuItem variant="destructive" onSelect={() => setOpen('remove')}>
                      Remove user
                    </DropdownMenuItem>
                  </>
                )}
              </>
            )}
          </LazyMenu>
          <UserDialog user={user} {...isOpen('edit')} onDone={() => router.refresh()} />
          {!isSelf && <DeactivateUser user={user} {...isOpen('deactivate')} />}
          <TypedConfirmation
            {...isOpen('reset')}
            title={`Reset the password of ${user.name}?`}
            description="Every session of theirs ends. They get a password that works once; you pass it on."
            verb="Reset password"
            act={reset}
          >
            <Command verb="reset-password" name={user.name} />
          </TypedConfirmation>
          <TypedConfirmation
            {...isOpen('remove')}
            title={`Remove ${user.name}?`}
            description="The account and its sign-ins go for ever. What they did stays in usage and audit. Keys that are not revoked hold it back."
            phrase={user.name}
            verb="Remove user"
            act={remove}
          >
            <BlastFacts target={{ user: user.id }} />
            <Command verb="delete" name={user.name} />
          </TypedConfirmation>
        </>
      )}
      {may.changePassword && <ChangePassword name={user.name} {...isOpen('password')} />}
      {may.signOutEverywhere && (
        <TypedConfirmation
          {...isOpen('sign-out')}
          title={isSelf ? 'Sign out everywhere?' : `Sign ${user.name} out everywhere?`}
          description={
            isSelf
              ? 'Every session of yours ends, this one too. Keys go on working.'
              : 'Every session of theirs ends at once. Keys go on working.'
          }
          verb="Sign out everywhere"
          act={signOut}
        >
          {may.manage && <Command verb="sign-out" name={user.name} />}
        </TypedConfirmation>
      )}
      <ShownOnce open={once !== null} once={once} onClose={() => setOnce(null)} />
    </>
  )
}

function Command({ verb, name }: { verb: string; name: string }) {
  return (
    <div className="-ml-3">
      <AsCommand args={userCommand(verb, name)} />
    </div>
  )
}
