'use client'

import { type FormEvent, useId, useState, useTransition } from 'react'
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { DialogBody, DialogFooter, DialogHeader } from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import type { TypedConfirmationProps } from './typed-confirmation'

type ConfirmationDialogProps = Omit<TypedConfirmationProps, 'trigger' | 'open' | 'onOpenChange'> & {
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** What a `TypedConfirmation` opens. */
export function ConfirmationDialog({ open, onOpenChange, ...props }: ConfirmationDialogProps) {
  return (
    <AlertDialog open={open} onOpenChange={onOpenChange}>
      <AlertDialogContent>
        <ConfirmationForm {...props} onDone={() => onOpenChange(false)} />
      </AlertDialogContent>
    </AlertDialog>
  )
}

function ConfirmationForm({
  title,
  description,
  children,
  phrase,
  verb,
  act,
  onDone,
}: Omit<ConfirmationDialogProps, 'open' | 'onOpenChange'> & { onDone: () => void }) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, startActing] = useTransition()
  const isReady = phrase === undefined || typed.trim() === phrase

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady || isActing) return
    startActing(async () => {
      const result = await act()
      if (result && !result.ok) setProblem(result.error.message)
      else onDone()
    })
  }

  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <DialogHeader>
        <AlertDialogTitle className="break-words">{title}</AlertDialogTitle>
        <AlertDialogDescription>{description}</AlertDialogDescription>
      </DialogHeader>
      <DialogBody>
        {children}
        {phrase !== undefined && (
          <div className="flex flex-col gap-1.5">
            <Label htmlFor={id} className="block font-normal">
              Type <code className="select-all break-all font-medium">{phrase}</code> to go on
            </Label>
            <Input
              id={id}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono"
            />
          </div>
        )}
        {problem && (
          <p role="alert" className="text-destructive-text text-sm">
            {problem}
          </p>
        )}
      </DialogBody>
      <DialogFooter>
        <AlertDialogCancel type="button">Cancel</AlertDialogCancel>
        <Button
          type="submit"
          variant="destructive"
          disabled={!isReady || isActing}
          title={isReady ? undefined : 'Type the words above first'}
        >
          {verb}
        </Button>
      </DialogFooter>
    </form>
  )
}
