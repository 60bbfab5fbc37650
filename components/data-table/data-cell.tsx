'use client'

import { FilterIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { CopyButton } from '@/components/copy/copy-button'
import { Button } from '@/components/ui/button'
import { cn } from '@/lib/ui/cn'

export type CellActions = { copy?: string; onFilter?: () => void; what: string }

/** A cell that, hovered or focused (arrow keys), offers to filter by it and to copy it. */
export function DataCell({
  align,
  title,
  actions,
  isFirst = false,
  className,
  children,
}: {
  align: 'left' | 'right'
  title?: string
  actions: CellActions | null
  /** It holds the row's link: Tab goes on to the next row, → to what the cell offers. */
  isFirst?: boolean
  className?: string
  children: ReactNode
}) {
  const [isHere, setIsHere] = useState(false)
  const classes = cn(
    'relative truncate px-3 align-middle',
    align === 'right' && 'text-right',
    className,
  )
  if (!actions) {
    return (
      <td className={classes} title={title}>
        {children}
      </td>
    )
  }
  return (
    <td
      className={cn(classes, 'focus-inset')}
      title={title}
      tabIndex={-1}
      data-cell={isFirst ? undefined : ''}
      onMouseEnter={() => setIsHere(true)}
      onMouseLeave={(event) => {
        if (!event.currentTarget.contains(document.activeElement)) setIsHere(false)
      }}
      onFocus={() => setIsHere(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsHere(false)
      }}
    >
      {children}
      {isHere && (
        <span
          className={cn(
            'absolute inset-y-0 flex items-center gap-px bg-inherit px-1 coarse:hidden',
            align === 'right' ? 'left-0' : 'right-0',
          )}
        >
          <span
            data-first-acts={isFirst ? '' : undefined}
            className="flex rounded-md border bg-popover p-px shadow-xs"
          >
            {actions.onFilter && (
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Filter by this ${actions.what}`}
                title={`Filter by this ${actions.what}`}
                tabIndex={isFirst ? -1 : undefined}
                onClick={actions.onFilter}
              >
                <FilterIcon className="size-3.5" />
              </Button>
            )}
            {actions.copy !== undefined && (
              <CopyButton
                text={actions.copy}
                what={actions.what}
                tabIndex={isFirst ? -1 : undefined}
              />
            )}
          </span>
        </span>
      )}
    </td>
  )
}
