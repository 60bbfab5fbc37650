'use client'

import { zodResolver } from '@hookform/resolvers/zod'
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
import type { KeyPage } from '@/lib/admin/key-page'
import { formatMoment } from '@/lib/ui/format-time'
import { updateKeyCommand } from '@/lib/ui/key-command'
import { updateKeyAction } from '../actions'
import { KeyFields } from '../key-fields'
import { type KeyValues, keyValuesSchema, toKeyChange, valuesOfKey } from '../key-values'

type Props = {
  page: KeyPage
  owner: KeyOwner
  open: boolean
  onOpenChange: (open: boolean) => void
  onDone: () => void
}

/** Only what was changed here is saved: what another person changed meanwhile stays. */
export function EditKey(props: Props) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent className="sm:max-w-xl">
        <EditForm {...props} />
      </DialogContent>
    </Dialog>
  )
}

function EditForm({ page, owner, onOpenChange, onDone }: Props) {
  const zone = useZone()
  const { key, ownLimit, capture, inheritsCapture, may } = page
  const form = useForm<KeyValues>({
    resolver: zodResolver(keyValuesSchema),
    defaultValues: valuesOfKey(key, { limit: ownLimit, capture }),
  })
  const [problem, setProblem] = useState<string | null>(null)
  const { dirtyFields, isSubmitting } = form.formState
  const values = form.watch()
  const change = toKeyChange(values, { nowMs: Date.now(), zone }, dirtyFields)
  const isDirty = Object.keys(change).length > 0

  const save = async () => {
    if (!isDirty) return
    setProblem(null)
    const result = await updateKeyAction(key.id, change)
    if (!result.ok) {
      setProblem(result.error.message)
      return
    }
    onOpenChange(false)
    onDone()
  }
  return (
    <Form {...form}>
      <form onSubmit={form.handleSubmit(save)} className="flex min-h-0 flex-1 flex-col" noValidate>
        <DialogHeader>
          <DialogTitle className="truncate" title={key.name}>
            Edit {key.name}
          </DialogTitle>
          <DialogDescription>
            {may.widen
              ? 'It acts within a second. Running requests finish as they began.'
              : 'You may narrow what it may do, not widen it; its models and networks an admin changes.'}
          </DialogDescription>
        </DialogHeader>
        <DialogBody>
          <KeyFields
            owners={[]}
            owner={owner}
            isFoldedAtFirst={isPlain(page)}
            mayNarrowOnly={!may.widen}
            inheritsCapture={inheritsCapture}
            {...(key.expiresAtMs !== null && {
              expiresWords: `${formatMoment(key.expiresAtMs, zone, 'minute')}, as it is`,
            })}
          />
          {problem && <Problem title="The key was not changed">{problem}</Problem>}
        </DialogBody>
        <DialogFooter>
          {isDirty && (
            <div className="sm:mr-auto">
              <AsCommand args={updateKeyCommand(key.prefix, change)} />
            </div>
          )}
          <Button
            type="submit"
            disabled={!isDirty || isSubmitting}
            title={isDirty ? undefined : 'Nothing was changed yet'}
          >
            Save key
          </Button>
        </DialogFooter>
      </form>
    </Form>
  )
}

function isPlain({ key }: KeyPage): boolean {
  return [key.models, key.networks].every(
    ({ allow, deny }) => deny.length === 0 && allow.join() === '*',
  )
}
