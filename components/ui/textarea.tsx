import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'
import { fieldClasses } from './input'

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      data-slot="textarea"
      className={cn(
        fieldClasses,
        'field-sizing-content min-h-20 w-full px-2.5 py-1.5 read-only:bg-muted',
        className,
      )}
      {...props}
    />
  )
}
