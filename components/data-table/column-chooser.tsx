'use client'

import { Columns3Icon } from 'lucide-react'
import { useState } from 'react'
import { lazyOverlay } from '@/components/lazy-overlay/lazy-overlay'
import { Button } from '@/components/ui/button'

const ColumnMenu = lazyOverlay('menu', () => import('./column-menu').then((m) => m.ColumnMenu))

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
  return <ColumnMenu {...props} button={button} open={isOpen} onOpenChange={setIsOpen} />
}
