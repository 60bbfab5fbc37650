import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

export const fieldClasses =
  'rounded-md border border-input bg-card text-foreground text-sm transition-colors disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-destructive dark:bg-background coarse:text-lg focus-visible:outline-offset-0 focus-visible:border-ring'

export function Input({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return (
    <input
      data-slot="input"
      type={type}
      className={cn(
        fieldClasses,
        'h-control w-full min-w-0 px-2.5 read-only:bg-muted file:mr-3 file:h-full file:border-0 file:bg-transparent file:font-medium file:text-sm',
        className,
      )}
      {...props}
    />
  )
}
