'use client'

import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { unknown } from '@/lib/ui/format'
import { formatMoment } from '@/lib/ui/format-time'
import type { ChartData } from '@/lib/ui/series'

/** The figures of a chart, as they are. */
export function ChartTable({
  startsMs,
  labels,
  series,
  zone,
  format,
}: ChartData & { zone: string; format: (value: number) => string }) {
  return (
    // Not `Table`: its own box would hold the head, and this one scrolls.
    <table className="w-full border-collapse text-sm">
      <TableHeader className="sticky top-0 z-10">
        <TableRow>
          <TableHead>Time</TableHead>
          {series.map(({ id, label }) => (
            <TableHead key={id} className="text-right">
              {label}
            </TableHead>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        {startsMs.map((at, index) => (
          <TableRow key={at} className="h-7">
            <TableCell className="whitespace-nowrap py-0">
              {labels?.[index] ?? formatMoment(at, zone, 'minute')}
            </TableCell>
            {series.map(({ id, values }) => {
              const value = values[index] ?? null
              return (
                <TableCell key={id} className="py-0 text-right">
                  {value === null ? unknown : format(value)}
                </TableCell>
              )
            })}
          </TableRow>
        ))}
      </TableBody>
    </table>
  )
}
