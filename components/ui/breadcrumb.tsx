import { ChevronRightIcon } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

export function Breadcrumb({ ...props }: ComponentProps<'nav'>) {
  return <nav aria-label="Breadcrumb" data-slot="breadcrumb" {...props} />
}

export function BreadcrumbList({ className, ...props }: ComponentProps<'ol'>) {
  return (
    <ol
      className={cn('flex min-w-0 items-center gap-1 text-muted-foreground text-sm', className)}
      {...props}
    />
  )
}

export function BreadcrumbItem({ className, ...props }: ComponentProps<'li'>) {
  return <li className={cn('flex min-w-0 items-center gap-1', className)} {...props} />
}

export function BreadcrumbLink({
  asChild,
  className,
  ...props
}: ComponentProps<'a'> & { asChild?: boolean }) {
  const Root = asChild ? Slot.Root : 'a'
  return (
    <Root className={cn('truncate rounded-sm px-1 hover:text-foreground', className)} {...props} />
  )
}

export function BreadcrumbPage({ className, ...props }: ComponentProps<'span'>) {
  return (
    <span
      aria-current="page"
      className={cn('truncate px-1 font-medium text-foreground', className)}
      {...props}
    />
  )
}

export function BreadcrumbSeparator({ className, ...props }: ComponentProps<'li'>) {
  return (
    <li aria-hidden="true" role="presentation" className={cn('shrink-0', className)} {...props}>
      <ChevronRightIcon className="size-3.5 text-faint" />
    </li>
  )
}
