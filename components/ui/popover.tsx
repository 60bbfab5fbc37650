'use client'

import { XIcon } from 'lucide-react'
import { Popover as PopoverPrimitive } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'
import { buttonVariants } from './button'

export function Popover(props: ComponentProps<typeof PopoverPrimitive.Root>) {
  return <PopoverPrimitive.Root data-slot="popover" {...props} />
}

export function PopoverTrigger(props: ComponentProps<typeof PopoverPrimitive.Trigger>) {
  return <PopoverPrimitive.Trigger data-slot="popover-trigger" {...props} />
}

export function PopoverAnchor(props: ComponentProps<typeof PopoverPrimitive.Anchor>) {
  return <PopoverPrimitive.Anchor data-slot="popover-anchor" {...props} />
}

export function PopoverClose(props: ComponentProps<typeof PopoverPrimitive.Close>) {
  return <PopoverPrimitive.Close data-slot="popover-close" {...props} />
}

/** Fills the screen on a phone, with a cross; beside its button elsewhere. */
export function PopoverContent({
  className,
  align = 'start',
  sideOffset = 4,
  collisionPadding = 8,
  children,
  ...props
}: ComponentProps<typeof PopoverPrimitive.Content>) {
  return (
    <PopoverPrimitive.Portal>
      <PopoverPrimitive.Content
        data-slot="popover-content"
        align={align}
        sideOffset={sideOffset}
        collisionPadding={collisionPadding}
        className={cn(
          'scrollbar-quiet z-50 flex w-72 flex-col overflow-auto bg-popover p-3 text-popover-foreground outline-none data-[state=open]:fade-in-0 data-[state=open]:animate-in data-[state=open]:duration-[120ms] max-sm:h-dvh max-sm:w-screen max-sm:p-4 max-sm:pt-14 sm:max-h-(--radix-popover-content-available-height) sm:rounded-lg sm:shadow-float',
          className,
        )}
        {...props}
      >
        {children}
        <PopoverPrimitive.Close
          aria-label="Close"
          className={cn(
            buttonVariants({ variant: 'ghost', size: 'icon' }),
            'absolute top-2 right-2 sm:hidden',
          )}
        >
          <XIcon />
        </PopoverPrimitive.Close>
      </PopoverPrimitive.Content>
    </PopoverPrimitive.Portal>
  )
}
