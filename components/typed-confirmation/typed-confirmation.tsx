'use client'

import { type FormEvent, type ReactNode, useId, useState, useTransition } from 'react'
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
  AlertDialogTrigger,
} from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { DialogBody, DialogFooter, DialogHeader } from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'

export type ConfirmationResult = { ok: true } | { ok: false; error: { message: string } }

export type TypedConfirmationProps = {
  /** The button that opens it; or steer it by `open` and `onOpenChange`. */
  trigger?: ReactNode
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** `Revoke laptop?` */
  title: string
  /** What happens, in a sentence. */
  description: ReactNode
  /** Whom it hits: a `BlastRadius`, or `3 users, 214 requests an hour`. */
  children?: ReactNode
  /** What has to be typed: a key's prefix, a name. Left out, the verb alone does it. */
  phrase?: string
  /** Verb and noun: `Revoke key`. */
  verb: string
  /** A server action; its error is said in the dialog, which stays open. */
  act: () => Promise<ConfirmationResult | undefined>
}

/** Harmful and not to be undone: whom it hits, the phrase typed, a button that says the verb. */
export function TypedConfirmation(props: TypedConfirmationProps) {
  const [isOpenInside, setIsOpenInside] = useState(false)
  const isOpen = props.open ?? isOpenInside
  const setIsOpen = props.onOpenChange ?? setIsOpenInside
  return (
    <AlertDialog open={isOpen} onOpenChange={setIsOpen}>
      {props.trigger && <AlertDialogTrigger asChild>{props.trigger}</AlertDialogTrigger>}
      <AlertDialogContent>
        <ConfirmationForm {...props} onDone={() => setIsOpen(false)} />
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
}: TypedConfirmationProps & { onDone: () => void }) {
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

/** Whom an act would have hit in the last 24 h, one fact a line. */
export function BlastRadius({
  facts,
  isHarmless = false,
}: {
  facts: readonly ReactNode[]
  isHarmless?: boolean
}) {
  return (
    <div
      className={
        isHarmless
          ? 'rounded-lg bg-muted px-3 py-2.5 text-sm'
          : 'rounded-lg bg-warning-tint px-3 py-2.5 text-sm'
      }
    >
      <p className="mb-0.5 text-muted-foreground text-xs">In the last 24 h this would have hit</p>
      <ul>
        {facts.map((fact, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: facts have no name and do not move
          <li key={index}>{fact}</li>
        ))}
      </ul>
    </div>
  )
}
