'use client'

import { Slot } from 'radix-ui'
import {
  type ComponentType,
  type KeyboardEvent,
  lazy,
  type ReactElement,
  Suspense,
  useState,
} from 'react'

/** What a menu or popover that stands behind a button of its page is told. */
export type OverlayProps = {
  /** One element; the overlay makes it its trigger. */
  button: ReactElement
  open: boolean
  onOpenChange: (open: boolean) => void
}

/**
 * A menu or popover whose code comes when its button is pressed first. Until then, and while it
 * comes, the bare button stands there; then the whole, opened.
 */
export function lazyOverlay<Props extends OverlayProps>(
  kind: 'menu' | 'dialog',
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const Overlay = lazy(async () => ({ default: await load() }))
  return function LazyOverlay(props: Props) {
    const { button, open, onOpenChange } = props
    const [wasOpen, setWasOpen] = useState(open)
    if (open && !wasOpen) setWasOpen(true)
    const bare = (
      <Slot.Root
        aria-haspopup={kind}
        aria-expanded={open}
        onClick={() => onOpenChange(true)}
        onKeyDown={(event: KeyboardEvent) => {
          if (kind !== 'menu' || event.key !== 'ArrowDown') return
          event.preventDefault()
          onOpenChange(true)
        }}
      >
        {button}
      </Slot.Root>
    )
    if (!wasOpen) return bare
    return (
      <Suspense fallback={bare}>
        <Overlay {...props} />
      </Suspense>
    )
  }
}
