'use client'

import type { ReactElement, ReactNode } from 'react'
import * as parts from '@/components/ui/dropdown-menu'
import type { MenuParts } from './lazy-menu'

/** What a `LazyMenu` becomes with its first press. */
export function OpenedMenu({
  button,
  open,
  onOpenChange,
  align,
  className,
  children,
}: {
  button: ReactElement
  open: boolean
  onOpenChange: (open: boolean) => void
  align?: 'start' | 'end'
  className?: string
  children: (parts: MenuParts) => ReactNode
}) {
  return (
    <parts.DropdownMenu open={open} onOpenChange={onOpenChange}>
      <parts.DropdownMenuTrigger asChild>{button}</parts.DropdownMenuTrigger>
      <parts.DropdownMenuContent align={align} className={className}>
        {children(parts)}
      </parts.DropdownMenuContent>
    </parts.DropdownMenu>
  )
}
