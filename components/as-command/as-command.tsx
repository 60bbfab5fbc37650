'use client'

import { TerminalIcon } from 'lucide-react'
import { useState } from 'react'
import { lazyOverlay } from '@/components/lazy-overlay/lazy-overlay'
import { Button } from '@/components/ui/button'

const CommandPopover = lazyOverlay('dialog', () =>
  import('./command-popover').then((m) => m.CommandPopover),
)

/** The same act as a `corral` line, copied whole; `then` has the others where it takes several. */
export function AsCommand({
  args,
  then = [],
  isIcon = false,
}: {
  args: readonly string[]
  then?: readonly (readonly string[])[]
  isIcon?: boolean
}) {
  const [isOpen, setIsOpen] = useState(false)
  const button = (
    <Button
      variant="ghost"
      size={isIcon ? 'icon-sm' : 'default'}
      className="text-muted-foreground"
      aria-label={isIcon ? 'As command' : undefined}
      title={isIcon ? 'As command' : undefined}
    >
      <TerminalIcon />
      {!isIcon && 'As command'}
    </Button>
  )
  return (
    <CommandPopover
      lines={[args, ...then]}
      button={button}
      open={isOpen}
      onOpenChange={setIsOpen}
    />
  )
}
