'use client'

import { Columns3Icon } from 'lucide-react'
import { lazy, useState } from 'react'
import { LazyOverlay } from '@/components/lazy-overlay/lazy-overlay'
import { Button } from '@/components/ui/button'

const ColumnMenu = lazy(() => import('./column-menu').then((m) => ({ default: m.ColumnMenu })))

export type ColumnChooserProps = {
  columns: readonly { id: string; label: string; isShown: boolean }[]
  onToggle: (id: string, isShown: boolean) => void
  onReset: () => void
}

export function ColumnChooser(props: ColumnChooserProps) {
  const [isOpen, setIsOpen] = useState(false)
  const button = (
    <Button variant="outline" className="max-sm:hidden">
      <Columns3Icon /> Columns
    </Button>
  )
  return (
    <LazyOverlay kind="menu" button={button} open={isOpen} onOpen={() => setIsOpen(true)}>
      <ColumnMenu {...props} button={button} open={isOpen} onOpenChange={setIsOpen} />
    </LazyOverlay>
  )
}
