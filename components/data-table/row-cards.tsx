'use client'

import { Link } from '@/components/link/link'
import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/lib/ui/cn'
import type { Column } from './column'

export type RowCard<Row> = {
  id: string
  row: Row
  href: string | null
  isSelected: boolean
  onSelect: ((isSelected: boolean) => void) | null
}

/** The rows on a phone: each a card of two lines. */
export function RowCards<Row>({
  label,
  columns,
  cards,
  currentId,
  className,
}: {
  label: string
  columns: readonly Column<Row>[]
  cards: readonly RowCard<Row>[]
  currentId?: string
  className?: string
}) {
  const at = (place: NonNullable<Column<Row>['card']>) =>
    columns.filter(({ card }) => card === place)
  const titles = at('title').length > 0 ? at('title') : columns.slice(0, 1)
  return (
    <ul aria-label={label} className={cn('divide-y', className)}>
      {cards.map(({ id, row, href, isSelected, onSelect }) => (
        <li
          key={id}
          data-row={id}
          tabIndex={href ? undefined : -1}
          className={cn(
            'relative flex min-h-14 items-center gap-3 px-3 py-2',
            (isSelected || id === currentId) && 'bg-primary-tint',
          )}
        >
          {onSelect && (
            <Checkbox
              className="z-10"
              checked={isSelected}
              onCheckedChange={(checked) => onSelect(checked === true)}
              aria-label="Select this row"
            />
          )}
          <div className="min-w-0 flex-1">
            <div className="flex items-baseline justify-between gap-3">
              <div className="flex min-w-0 items-baseline gap-2 overflow-hidden font-medium text-base">
                {href ? (
                  <Link
                    href={href}
                    scroll={false}
                    prefetch={false}
                    data-row-link=""
                    className="focus-inset min-w-0 truncate after:absolute after:inset-0 after:content-['']"
                  >
                    {titles[0]?.cell(row)}
                  </Link>
                ) : (
                  <span className="min-w-0 truncate">{titles[0]?.cell(row)}</span>
                )}
                {titles.slice(1).map(({ id, cell }) => (
                  <span key={id} className="min-w-0 truncate">
                    {cell(row)}
                  </span>
                ))}
              </div>
              {at('value').map(({ id, cell }) => (
                <span key={id} className="shrink-0 text-sm">
                  {cell(row)}
                </span>
              ))}
            </div>
            <div className="mt-0.5 flex items-center justify-between gap-3 text-muted-foreground text-xs">
              <div className="flex min-w-0 items-center gap-1.5 overflow-hidden">
                {at('detail').map(({ id, cell }, index) => (
                  <span key={id} className="min-w-0 truncate">
                    {index > 0 && <span aria-hidden="true">· </span>}
                    {cell(row)}
                  </span>
                ))}
              </div>
              {at('end').map(({ id, cell }) => (
                <span key={id} className="relative z-10 shrink-0">
                  {cell(row)}
                </span>
              ))}
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}
