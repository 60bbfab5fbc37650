'use client'

import { DownloadIcon, EllipsisIcon, ImageIcon, TableIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'

export function ChartMenu({
  title,
  isTable,
  onTable,
  onCsv,
  onPng,
  children,
}: {
  title: string
  isTable: boolean
  onTable: () => void
  onCsv: () => void
  onPng: () => void
  /** More items. */
  children?: ReactNode
}) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon"
          aria-label={`${title}: menu`}
          data-print="hide"
          data-export="hide"
          className="text-muted-foreground"
        >
          <EllipsisIcon />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={onTable}>
          <TableIcon /> {isTable ? 'Show as chart' : 'Show as table'}
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={onCsv}>
          <DownloadIcon /> Save as CSV
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={onPng}>
          <ImageIcon /> Save as PNG
        </DropdownMenuItem>
        {children}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
