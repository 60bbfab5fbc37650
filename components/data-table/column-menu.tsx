'use client'

import type { OverlayProps } from '@/components/lazy-overlay/lazy-overlay'
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import type { ColumnChooserProps } from './column-chooser'

/** What `Columns` opens. */
export function ColumnMenu({
  columns,
  onToggle,
  onReset,
  button,
  open,
  onOpenChange,
}: ColumnChooserProps & OverlayProps) {
  return (
    <DropdownMenu open={open} onOpenChange={onOpenChange}>
      <DropdownMenuTrigger asChild>{button}</DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="max-h-96">
        <DropdownMenuLabel>Shown columns</DropdownMenuLabel>
        {columns.map(({ id, label, isShown }) => (
          <DropdownMenuCheckboxItem
            key={id}
            checked={isShown}
            onCheckedChange={(checked) => onToggle(id, checked === true)}
            onSelect={(event) => event.preventDefault()}
          >
            {label}
          </DropdownMenuCheckboxItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={onReset}>Reset columns and widths</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
