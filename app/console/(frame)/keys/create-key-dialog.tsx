'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { AsCommand } from '@/components/as-command/as-command'
import { useZone } from '@/components/shell/zone'
import { Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'
import { Form } from '@/components/ui/form'
import type { KeyOwner } from '@/lib/admin/key-owners'
import { createKeyCommand } from '@/lib/ui/key-command'
import { createKeyAction, type ShownKey } from './actions'
import { KeyFields } from './key-fields'
import {
  type KeyValues,
  keyValuesSchema,
  newKeyValues,
  toKeyChange,
  withoutDefaults,
} from './key-values'
import { ShownKeys, useUncopiedGuard } from './shown-keys'

/** The form, then the key: the one time that it is shown. */
export function CreateKeyDialog({
  owners,
  ownId,
  open,
  onOpenChange,
}: {
  owners: readonly KeyOwner[]
  ownId: string
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const router = useRouter()
  const [shown, setShown] = useState<ShownKey | null>(null)
  const [wasOpen, setWasOpen] = useState(open)
  if (open !== wasOpen) {
    // Opened again it asks for the next key; closing, it still shows the last.
    setWasOpen(open)
    if (open) setShown(null)
  }
  const guard = useUncopiedGuard(open && shown !== null ? 1 : 0)
  const change = (isOpen: boolean) => {
    if (!isOpen && !guard.mayClose()) return
    onOpenChange(isOpen)
    if (!isOpen && shown !== null) router.refresh()
  }
  const show = (made: ShownKey) => {
    guard.reset()
    setShown(made)
  }
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent className={shown === null ? 'sm:max-w-xl' : 'sm:max-w-3xl'}>
        {shown === null ? (
          <CreateForm owners={owners} ownId={ownId} onCreated={show} />
        ) : (
          <ShownKeys
            title={`Key ${shown.name} created`}
            keys={[shown]}
            guard={guard}
            onClose={() => change(false)}
          />
        )}
      </DialogContent>
    </Dialog>
  )
}

function CreateForm({
  owners,
  ownId,
  onCreated,
}: {
  owners: readonly KeyOwner[]
  ownId: string
  onCreated: (shown: ShownKey) => void
}) {
  const zone = useZone()
  const first = owners.find(({ id }) => id === ownId) ?? owners[0]
  const form = useForm<KeyValues>({
    resolver: zodResolver(keyValuesSchema),
    defaultValues: newKeyValues(first?.id ?? ownId, first?.permissions ?? []),
  })
  const [problem, setProblem] = useState<string | null>(null)
  const values = form.watch()
  const owner = owners.find(({ id }) => id === values.ownerId) ?? first
  if (owner === undefined) return null
  const within = values.permissions.filter((one) => owner.permissions.includes(one))
  const change = () => toKeyChange({ ...values, permissions: within }, { nowMs: Date.now(), zone })

  const create = async () => {
    setProblem(null)
    const result = await createKeyAction({ ...change(), owner: owner.id })
    if (result.ok) onCreated(result.shown)
    else setProblem(result.error.message)
  }
  return (
    <Form {...form}>
      <form
        onSubmit={form.handleSubmit(create)}
        className="flex min-h-0 flex-1 flex-col"
        noValidate
      >
        <DialogHeader>
          <DialogTitle>Create key</DialogTitle>
          <DialogDescription>A key lets a program in. It is shown once.</DialogDescription>
        </DialogHeader>
        <DialogBody>
          <KeyFields owners={owners} owner={owner} isFoldedAtFirst />
          {problem && <Problem title="The key was not created">{problem}</Problem>}
        </DialogBody>
        <DialogFooter>
          <div className="sm:mr-auto">
            <AsCommand
              args={createKeyCommand({ ...withoutDefaults(change()), owner: owner.name })}
            />
          </div>
          <Button type="submit" disabled={form.formState.isSubmitting}>
            Create key
          </Button>
        </DialogFooter>
      </form>
    </Form>
  )
}
