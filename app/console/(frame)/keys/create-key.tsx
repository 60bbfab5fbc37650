'use client'

import { PlusIcon } from 'lucide-react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { useAskedDialog } from '@/components/lazy-dialog/use-asked-dialog'
import { Button } from '@/components/ui/button'
import type { KeyOwner } from '@/lib/admin/key-owners'

const CreateKeyDialog = lazyDialog(() =>
  import('./create-key-dialog').then((m) => m.CreateKeyDialog),
)

const dialogs = ['create'] as const

/** The primary button of the list; `?do=create` opens it. */
export function CreateKeyButton({ owners, ownId }: { owners: readonly KeyOwner[]; ownId: string }) {
  const [open, setOpen] = useAskedDialog(dialogs)
  return (
    <>
      <Button onClick={() => setOpen('create')}>
        <PlusIcon /> Create key
      </Button>
      <CreateKeyDialog
        owners={owners}
        ownId={ownId}
        open={open === 'create'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'create' : null)}
      />
    </>
  )
}
