'use client'

import { Sheet, SheetContent, SheetDescription, SheetTitle } from '@/components/ui/sheet'
import type { NavId } from './navigation'
import { Brand, type Branding, NavLinks } from './sidebar'

/** The navigation where there is no room for a sidebar. */
export function NavDrawer({
  pages,
  branding,
  open,
  onOpenChange,
}: {
  pages: readonly NavId[]
  branding: Branding
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange}>
      <SheetContent side="left">
        <SheetTitle className="sr-only">Navigation</SheetTitle>
        <SheetDescription className="sr-only">The pages of the console</SheetDescription>
        <div className="flex h-13 shrink-0 items-center px-3">
          <Brand branding={branding} />
        </div>
        <NavLinks pages={pages} onNavigate={() => onOpenChange(false)} />
      </SheetContent>
    </Sheet>
  )
}
