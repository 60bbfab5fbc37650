import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

export function Card({ className, ...props }: ComponentProps<'section'>) {
  return (
    <section
      data-slot="card"
      className={cn(
        'flex min-w-0 flex-col rounded-lg border bg-card text-card-foreground',
        className,
      )}
      {...props}
    />
  )
}

/** Title left, `CardAction` right. */
export function CardHeader({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="card-header"
      className={cn(
        'grid min-h-11 auto-rows-min grid-cols-[1fr_auto] items-center gap-x-3 px-4 pt-3 pb-1',
        className,
      )}
      {...props}
    />
  )
}

export function CardTitle({ className, ...props }: ComponentProps<'h2'>) {
  return (
    <h2
      data-slot="card-title"
      className={cn('min-w-0 truncate font-semibold text-base', className)}
      {...props}
    />
  )
}

export function CardDescription({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="card-description"
      className={cn('col-start-1 text-muted-foreground text-sm', className)}
      {...props}
    />
  )
}

export function CardAction({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="card-action"
      className={cn(
        'col-start-2 row-span-2 row-start-1 -mr-1.5 flex items-center gap-1 self-start',
        className,
      )}
      {...props}
    />
  )
}

export function CardContent({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div data-slot="card-content" className={cn('min-w-0 px-4 pt-2 pb-4', className)} {...props} />
  )
}

export function CardFooter({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="card-footer"
      className={cn(
        'mt-auto flex min-h-11 flex-wrap items-center gap-2 border-t px-4 py-2 text-muted-foreground text-sm',
        className,
      )}
      {...props}
    />
  )
}
