'use client'

import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'
import { useIsAlive } from './use-is-alive'

export const fieldClasses =
  'rounded-md border border-input bg-card text-foreground text-sm transition-colors disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-destructive dark:bg-background coarse:text-lg focus-visible:outline-offset-0 focus-visible:border-ring'

/**
 * A field of one line. Until the page is alive it takes nothing, for React would set it back to
 * its first value; `readOnly={false}` is for a field that keeps its own value (no `value`, not
 * registered with a form), which password managers may fill early.
 */
export function Input({ className, type = 'text', readOnly, ...props }: ComponentProps<'input'>) {
  const isAlive = useIsAlive()
  return (
    <input
      data-slot="input"
      type={type}
      readOnly={readOnly ?? !isAlive}
      className={cn(
        fieldClasses,
        'h-control w-full min-w-0 px-2.5 file:mr-3 file:h-full file:border-0 file:bg-transparent file:font-medium file:text-sm',
        readOnly && 'bg-muted',
        className,
      )}
      {...props}
    />
  )
}
