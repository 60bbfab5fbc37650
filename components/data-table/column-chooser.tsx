'use client'

import { Columns3Icon } from 'lucide-react'
import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'

export function ColumnChooser({
  columns,
  onToggle,
  onReset,
}: {
  columns: readonly { id: string; label: string; isShown: boolean }[]
  onToggle: (id: string, isShown: boolean) => void
  onReset: () => void
}) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" className="max-sm:hidden">
          <Columns3Icon /> Columns
        </Button>
      </DropdownMenuTrigger>
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
