'use client'

import { PlusIcon } from 'lucide-react'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { Button } from '@/components/ui/button'
import type { KeyOwner } from '@/lib/admin/key-owners'

const CreateKeyDialog = lazyDialog(() =>
  import('./create-key-dialog').then((m) => m.CreateKeyDialog),
)

/** The primary button of the list; `?do=create` opens it. */
export function CreateKeyButton({ owners, ownId }: { owners: readonly KeyOwner[]; ownId: string }) {
  const params = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  const [isOpen, setIsOpen] = useState(params.get('do') === 'create')
  const change = (open: boolean) => {
    setIsOpen(open)
    if (!open && params.get('do') === 'create') router.replace(path, { scroll: false })
  }
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>
        <PlusIcon /> Create key
      </Button>
      <CreateKeyDialog owners={owners} ownId={ownId} open={isOpen} onOpenChange={change} />
    </>
  )
}
