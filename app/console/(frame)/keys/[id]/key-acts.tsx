'use client'

import { EllipsisIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { useAskedDialog } from '@/components/lazy-dialog/use-asked-dialog'
import { LazyMenu } from '@/components/lazy-overlay/lazy-menu'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import type { KeyOwner } from '@/lib/admin/key-owners'
import type { KeyPage } from '@/lib/admin/key-page'
import { disableKeysAction, enableKeysAction } from '../actions'

const EditKey = lazyDialog(() => import('./edit-key').then((m) => m.EditKey))
const RotateKeys = lazyDialog(() => import('../rotate-keys').then((m) => m.RotateKeys))
const RevokeKey = lazyDialog(() => import('./revoke-key').then((m) => m.RevokeKey))

const dialogs = ['edit', 'rotate', 'revoke'] as const

/** Edit, disable or enable, rotate, revoke. `?do=rotate` opens that dialog: the palette links so. */
export function KeyActs({
  page,
  owner,
  refresh,
}: {
  page: KeyPage
  owner: KeyOwner | null
  refresh: () => Promise<void>
}) {
  const { key } = page
  const [open, setOpen] = useAskedDialog(dialogs)
  const [isActing, startActing] = useTransition()
  const router = useRouter()
  const isDisabled = key.condition === 'disabled'

  const renew = async () => {
    router.refresh()
    await refresh()
  }
  const turn = (to: 'disabled' | 'enabled') =>
    startActing(async () => {
      const verbs = { disabled: disableKeysAction, enabled: enableKeysAction }
      const result = await verbs[to]([key.id])
      await renew()
      if (!result.ok) {
        toastProblem(`${key.name} was not ${to}`, result.error.message)
        return
      }
      const back = to === 'disabled' ? 'enabled' : 'disabled'
      toastDone(`${key.name} ${to}`, async () => {
        const undone = await verbs[back]([key.id])
        if (!undone.ok) toastProblem(`${key.name} is still ${to}`, undone.error.message)
        await renew()
      })
    })

  return (
    <>
      {owner && (
        <Button variant="outline" onClick={() => setOpen('edit')}>
          Edit key
        </Button>
      )}
      <Button variant="outline" onClick={() => setOpen('rotate')}>
        Rotate key
      </Button>
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
            <DropdownMenuItem
              disabled={isActing}
              onSelect={() => turn(isDisabled ? 'enabled' : 'disabled')}
            >
              {isDisabled ? 'Enable key' : 'Disable key'}
            </DropdownMenuItem>
            <DropdownMenuSeparator />
            <DropdownMenuItem variant="destructive" onSelect={() => setOpen('revoke')}>
              Revoke key
            </DropdownMenuItem>
          </>
        )}
      </LazyMenu>
      <RotateKeys
        keys={[key]}
        open={open === 'rotate'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'rotate' : null)}
        onDone={() => void renew()}
      />
      <RevokeKey
        keyId={key.id}
        name={key.name}
        prefix={key.prefix}
        open={open === 'revoke'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'revoke' : null)}
        onDone={() => void renew()}
      />
      {owner && (
        <EditKey
          page={page}
          owner={owner}
          open={open === 'edit'}
          onOpenChange={(isOpen) => setOpen(isOpen ? 'edit' : null)}
          onDone={() => void renew()}
        />
      )}
    </>
  )
}
