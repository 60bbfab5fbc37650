'use client'

import * as parts from '@/components/ui/dropdown-menu'
import type { MenuProps } from './lazy-menu'
import type { OverlayProps } from './lazy-overlay'

/** What a `LazyMenu` becomes with its first press. */
export function OpenedMenu({
  button,
  open,
  onOpenChange,
  align,
  className,
  children,
}: MenuProps & OverlayProps) {
  return (
    <parts.DropdownMenu open={open} onOpenChange={onOpenChange}>
      <parts.DropdownMenuTrigger asChild>{button}</parts.DropdownMenuTrigger>
      <parts.DropdownMenuContent align={align} className={className}>
        {children(parts)}
      </parts.DropdownMenuContent>
    </parts.DropdownMenu>
  )
}
