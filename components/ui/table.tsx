import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

/**
 * A plain table, for a handful of rows. Lists use components/data-table. With `cards` a phone shows
 * each row as a card: its first cell on top, then the others, each after its `label`.
 */
export function Table({
  cards = false,
  className,
  ...props
}: ComponentProps<'table'> & { cards?: boolean }) {
  return (
    <div data-slot="table-container" className="scrollbar-quiet relative w-full overflow-x-auto">
      <table
        data-slot="table"
        data-cards={cards || undefined}
        className={cn('w-full caption-bottom border-collapse text-sm', className)}
        {...props}
      />
    </div>
  )
}

export function TableHeader({ className, ...props }: ComponentProps<'thead'>) {
  return <thead data-slot="table-header" className={cn('bg-muted', className)} {...props} />
}

export function TableBody({ className, ...props }: ComponentProps<'tbody'>) {
  return (
    <tbody
      data-slot="table-body"
      className={cn('[&_tr:last-child]:border-0', className)}
      {...props}
    />
  )
}

export function TableFooter({ className, ...props }: ComponentProps<'tfoot'>) {
  return (
    <tfoot data-slot="table-footer" className={cn('border-t font-medium', className)} {...props} />
  )
}

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return (
    <tr
      data-slot="table-row"
      className={cn('h-row border-b transition-colors', className)}
      {...props}
    />
  )
}

export function TableHead({ className, scope = 'col', ...props }: ComponentProps<'th'>) {
  return (
    <th
      data-slot="table-head"
      scope={scope}
      className={cn(
        'h-8 whitespace-nowrap px-3 text-left align-middle font-medium text-muted-foreground text-xs',
        className,
      )}
      {...props}
    />
  )
}

export function TableCell({
  label,
  className,
  ...props
}: ComponentProps<'td'> & { label?: string }) {
  return (
    <td
      data-slot="table-cell"
      data-label={label}
      className={cn('px-3 py-1.5 align-middle', className)}
      {...props}
    />
  )
}

export function TableCaption({ className, ...props }: ComponentProps<'caption'>) {
  return (
    <caption
      data-slot="table-caption"
      className={cn('py-2 text-left text-muted-foreground text-xs', className)}
      {...props}
    />
  )
}
