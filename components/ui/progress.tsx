'use client'

import { Progress as ProgressPrimitive } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

/** `value` of 0 to 100, or null while the whole is not known. Name it by `aria-label`. */
export function Progress({
  className,
  value,
  tone = 'primary',
  ...props
}: ComponentProps<typeof ProgressPrimitive.Root> & {
  tone?: 'primary' | 'success' | 'warning' | 'destructive' | 'neutral'
}) {
  const share = Math.min(100, Math.max(0, value ?? 0))
  return (
    <ProgressPrimitive.Root
      data-slot="progress"
      value={value === null || value === undefined ? null : share}
      className={cn('relative h-1.5 w-full overflow-hidden rounded-full bg-accent', className)}
      {...props}
    >
      <ProgressPrimitive.Indicator
        className={cn('h-full rounded-full transition-[width] duration-100', tones[tone])}
        style={{ width: `${share}%` }}
      />
    </ProgressPrimitive.Root>
  )
}

const tones = {
  primary: 'bg-primary',
  success: 'bg-success',
  warning: 'bg-warning',
  destructive: 'bg-destructive',
  neutral: 'bg-chart-8',
}
