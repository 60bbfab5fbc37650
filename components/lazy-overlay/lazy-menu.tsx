'use client'

import { lazy, type ReactElement, type ReactNode, useState } from 'react'
import { LazyOverlay } from './lazy-overlay'

const OpenedMenu = lazy(() => import('./opened-menu').then((m) => ({ default: m.OpenedMenu })))

/** The parts of `ui/dropdown-menu`, once they are there. */
export type MenuParts = typeof import('@/components/ui/dropdown-menu')

/** A menu whose code comes with its first press: `children` is handed the parts to build it from. */
export function LazyMenu({
  button,
  align,
  className,
  children,
}: {
  button: ReactElement
  align?: 'start' | 'end'
  className?: string
  children: (parts: MenuParts) => ReactNode
}) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <LazyOverlay kind="menu" button={button} open={isOpen} onOpen={() => setIsOpen(true)}>
      <OpenedMenu
        button={button}
        open={isOpen}
        onOpenChange={setIsOpen}
        align={align}
        className={className}
      >
        {children}
      </OpenedMenu>
    </LazyOverlay>
  )
}
