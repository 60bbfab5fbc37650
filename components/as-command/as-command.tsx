'use client'

import { TerminalIcon } from 'lucide-react'
import { lazy, useState } from 'react'
import { LazyOverlay } from '@/components/lazy-overlay/lazy-overlay'
import { Button } from '@/components/ui/button'

const CommandPopover = lazy(() =>
  import('./command-popover').then((m) => ({ default: m.CommandPopover })),
)

/** The same act as a `corral` line, copied whole. `args` are quoted here. */
export function AsCommand({ args, isIcon = false }: { args: readonly string[]; isIcon?: boolean }) {
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
    <LazyOverlay kind="dialog" button={button} open={isOpen} onOpen={() => setIsOpen(true)}>
      <CommandPopover args={args} button={button} open={isOpen} onOpenChange={setIsOpen} />
    </LazyOverlay>
  )
}
