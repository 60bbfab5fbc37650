import type { ReactNode } from 'react'
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from '@/components/ui/table'
import { cn } from '@/lib/ui/cn'

/** Names left, figures right; on paper its head comes again on each page. */
export function ReportTable({
  label,
  heads,
  rows,
}: {
  label: string
  heads: readonly string[]
  rows: readonly { id: string; name: ReactNode; figures: readonly string[] }[]
}) {
  const [first, ...others] = heads
  // A phone has room for three; paper and larger screens for all.
  const place = (index: number) =>
    index > 0 && index !== 3 ? 'max-sm:hidden print:table-cell' : ''
  return (
    <div className="overflow-clip rounded-lg border bg-card">
      <Table aria-label={label} className="table-fixed">
        <TableHeader>
          <TableRow>
            <TableHead>{first}</TableHead>
            {others.map((head, index) => (
              <TableHead
                key={head}
                className={cn('w-24 text-right sm:w-28 print:w-24', place(index))}
              >
                {head}
              </TableHead>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map(({ id, name, figures }) => (
            <TableRow key={id} className="h-8 print:h-6">
              <TableCell className="truncate py-0">{name}</TableCell>
              {figures.map((figure, index) => (
                <TableCell
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
                  key={index}
                  className={cn('py-0 text-right', place(index))}
                >
                  {figure}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}
