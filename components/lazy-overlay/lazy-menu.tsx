'use client'

import { type ReactElement, type ReactNode, useState } from 'react'
import { lazyOverlay } from './lazy-overlay'

const OpenedMenu = lazyOverlay('menu', () => import('./opened-menu').then((m) => m.OpenedMenu))

/** The parts of `ui/dropdown-menu`, once they are there. */
export type MenuParts = typeof import('@/components/ui/dropdown-menu')
export type MenuProps = {
  align?: 'start' | 'end'
  className?: string
  /** Is handed the parts to build the menu from. */
  children: (parts: MenuParts) => ReactNode
}

/** A menu whose code comes with its first press. */
export function LazyMenu({ button, ...menu }: MenuProps & { button: ReactElement }) {
  const [isOpen, setIsOpen] = useState(false)
  return <OpenedMenu {...menu} button={button} open={isOpen} onOpenChange={setIsOpen} />
}
