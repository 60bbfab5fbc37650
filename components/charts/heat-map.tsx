import { Fragment } from 'react'
import { cn } from '@/lib/ui/cn'

export type HeatRow = { label: string; cells: readonly { value: number | null; title: string }[] }

/** Rows of squares, such as days by hour: the more, the stronger. What is not known is empty. */
export function HeatMap({
  label,
  rows,
  columns,
  className,
}: {
  label: string
  rows: readonly HeatRow[]
  /** Labels below; an empty one is left out. */
  columns: readonly string[]
  className?: string
}) {
  const largest = Math.max(...rows.flatMap(({ cells }) => cells.map(({ value }) => value ?? 0)), 0)
  return (
    <div
      role="img"
      aria-label={label}
      className={cn('grid gap-0.5 text-faint text-xs', className)}
      style={{ gridTemplateColumns: `auto repeat(${columns.length}, minmax(0, 1fr))` }}
    >
      {rows.map((row) => (
        <Fragment key={row.label}>
          <span className="pr-2 leading-5">{row.label}</span>
          {row.cells.map(({ value, title }, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: cells are known by their place
              key={index}
              title={title}
              className={cn(
                'h-5 rounded-[3px]',
                value === null ? 'border border-dashed' : 'bg-accent',
              )}
              style={
                value
                  ? {
                      background: `color-mix(in oklab, var(--chart-1) ${Math.round(18 + (value / largest) * 82)}%, var(--card))`,
                    }
                  : undefined
              }
            />
          ))}
        </Fragment>
      ))}
      <span />
      {columns.map((column, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
        <span key={index} className="overflow-visible whitespace-nowrap">
          {column}
        </span>
      ))}
    </div>
  )
}
