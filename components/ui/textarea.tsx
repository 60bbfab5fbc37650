'use client'

import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'
import { fieldClasses } from './input'
import { useIsAlive } from './use-is-alive'

/** A field of many lines; takes nothing until the page is alive (`Input` says why). */
export function Textarea({ className, readOnly, ...props }: ComponentProps<'textarea'>) {
  const isAlive = useIsAlive()
  return (
    <textarea
      data-slot="textarea"
      readOnly={readOnly ?? !isAlive}
      className={cn(
        fieldClasses,
        'field-sizing-content min-h-20 w-full px-2.5 py-1.5',
        readOnly && 'bg-muted',
        className,
      )}
      {...props}
    />
  )
}
