'use client'

import { Slot } from 'radix-ui'
import { type KeyboardEvent, type ReactElement, type ReactNode, Suspense, useState } from 'react'

/**
 * A menu or popover whose code comes when its button is pressed first. Until then, and while it
 * comes, the bare button stands there; then `children`, opened: a lazy component with that button.
 */
export function LazyOverlay({
  kind,
  button,
  open,
  onOpen,
  children,
}: {
  kind: 'menu' | 'dialog'
  button: ReactElement
  open: boolean
  onOpen: () => void
  children: ReactNode
}) {
  const [wasOpen, setWasOpen] = useState(open)
  if (open && !wasOpen) setWasOpen(true)
  const bare = (
    <Slot.Root
      aria-haspopup={kind}
      aria-expanded={open}
      onClick={onOpen}
      onKeyDown={(event: KeyboardEvent) => {
        if (kind !== 'menu' || event.key !== 'ArrowDown') return
        event.preventDefault()
        onOpen()
      }}
    >
      {button}
    </Slot.Root>
  )
  return wasOpen ? <Suspense fallback={bare}>{children}</Suspense> : bare
}
