'use client'

import { DownloadIcon, EllipsisIcon, ImageIcon, TableIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { LazyMenu } from '@/components/lazy-overlay/lazy-menu'
import { Button } from '@/components/ui/button'

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
    <LazyMenu
      button={
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
      }
      align="end"
    >
      {({ DropdownMenuItem }) => (
        <>
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
        </>
      )}
    </LazyMenu>
  )
}
