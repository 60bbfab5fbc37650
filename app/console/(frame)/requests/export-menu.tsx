'use client'

import { DownloadIcon } from 'lucide-react'
import { LazyMenu } from '@/components/lazy-overlay/lazy-menu'
import { Button } from '@/components/ui/button'

const formats = [
  { id: 'csv', label: 'CSV', hint: 'for a spreadsheet' },
  { id: 'jsonl', label: 'JSON lines', hint: 'for a program' },
]

/** All rows that the filters leave, not only those shown, as a file. */
export function ExportMenu({ query }: { query: string }) {
  return (
    <LazyMenu
      button={
        <Button variant="outline">
          <DownloadIcon /> Export
        </Button>
      }
      align="end"
    >
      {({ DropdownMenuItem, DropdownMenuLabel }) => (
        <>
          <DropdownMenuLabel>All that the filters leave</DropdownMenuLabel>
          {formats.map(({ id, label, hint }) => (
            <DropdownMenuItem key={id} asChild>
              <a
                href={`/console/data/requests/export?format=${id}${query === '' ? '' : `&${query}`}`}
                download
              >
                {label} <span className="ml-auto pl-4 text-muted-foreground text-xs">{hint}</span>
              </a>
            </DropdownMenuItem>
          ))}
        </>
      )}
    </LazyMenu>
  )
}
