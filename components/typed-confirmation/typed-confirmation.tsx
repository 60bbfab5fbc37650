'use client'

import { Slot } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'

const ConfirmationDialog = lazyDialog(() =>
  import('./confirmation-dialog').then((m) => m.ConfirmationDialog),
)

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
export function TypedConfirmation({ trigger, ...props }: TypedConfirmationProps) {
  const [isOpenInside, setIsOpenInside] = useState(false)
  const isOpen = props.open ?? isOpenInside
  const setIsOpen = props.onOpenChange ?? setIsOpenInside
  return (
    <>
      {trigger && (
        <Slot.Root aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => setIsOpen(true)}>
          {trigger}
        </Slot.Root>
      )}
      <ConfirmationDialog {...props} open={isOpen} onOpenChange={setIsOpen} />
    </>
  )
}

/** Whom an act would have hit in the last 24 h, one fact a line; `head` where it hits otherwise. */
export function BlastRadius({
  facts,
  isHarmless = false,
  head = 'In the last 24 h this would have hit',
}: {
  facts: readonly ReactNode[]
  isHarmless?: boolean
  head?: string
}) {
  return (
    <div
      className={
        isHarmless
          ? 'rounded-lg bg-muted px-3 py-2.5 text-sm'
          : 'rounded-lg bg-warning-tint px-3 py-2.5 text-sm'
      }
    >
      <p className="mb-0.5 text-muted-foreground text-xs">{head}</p>
      <ul>
        {facts.map((fact, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: facts have no name and do not move
          <li key={index}>{fact}</li>
        ))}
      </ul>
    </div>
  )
}
