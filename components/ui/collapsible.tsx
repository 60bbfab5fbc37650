'use client'

import { Slot } from 'radix-ui'
import { type ComponentProps, createContext, useContext, useId, useState } from 'react'

type Fold = { id: string; isOpen: boolean; toggle: () => void }

const Fold = createContext<Fold>({ id: '', isOpen: false, toggle: () => {} })

/** Something under a button that shows and hides it. */
export function Collapsible({
  open,
  onOpenChange,
  ...props
}: ComponentProps<'div'> & { open?: boolean; onOpenChange?: (open: boolean) => void }) {
  const id = useId()
  const [isOwnOpen, setIsOwnOpen] = useState(false)
  const isOpen = open ?? isOwnOpen
  const toggle = () => {
    setIsOwnOpen(!isOpen)
    onOpenChange?.(!isOpen)
  }
  return (
    <Fold value={{ id, isOpen, toggle }}>
      <div data-slot="collapsible" data-state={isOpen ? 'open' : 'closed'} {...props} />
    </Fold>
  )
}

export function CollapsibleTrigger({
  asChild = false,
  ...props
}: ComponentProps<'button'> & { asChild?: boolean }) {
  const { id, isOpen, toggle } = useContext(Fold)
  const Root = asChild ? Slot.Root : 'button'
  return (
    <Root
      type="button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? id : undefined}
      data-slot="collapsible-trigger"
      data-state={isOpen ? 'open' : 'closed'}
      onClick={toggle}
      {...props}
    />
  )
}

export function CollapsibleContent(props: ComponentProps<'div'>) {
  const { id, isOpen } = useContext(Fold)
  return isOpen ? <div id={id} data-slot="collapsible-content" {...props} /> : null
}
