'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { ColumnChooser, type ColumnChooserProps } from './column-chooser'

/** Above a table: filters to the left, what concerns the table itself to the right. */
export function TableBar({
  tools,
  children,
  ...chooser
}: ColumnChooserProps & { tools?: ReactNode; children?: ReactNode }) {
  return (
    <div data-print="hide" className="flex min-h-control flex-wrap items-start gap-2">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">{children}</div>
      <div className="flex items-center gap-2">
        <ColumnChooser {...chooser} />
        {tools}
      </div>
    </div>
  )
}

/** In its place while rows are chosen: what can be done with them. */
export function ChosenBar({
  count,
  onClear,
  children,
}: {
  count: number
  onClear: () => void
  children: ReactNode
}) {
  return (
    <div
      role="toolbar"
      aria-label="Chosen rows"
      className="flex min-h-control flex-wrap items-center gap-2"
    >
      <span role="status" className="mr-1 font-medium text-sm">
        {count} selected
      </span>
      {children}
      <Button variant="ghost" onClick={onClear}>
        Clear
      </Button>
    </div>
  )
}
