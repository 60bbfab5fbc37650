'use client'

import { useRef } from 'react'
import { cn } from '@/lib/ui/cn'
import { cutMiddle } from '@/lib/ui/format'
import { CopyButton } from './copy-button'

/** An id, address or name in mono, with its copy button; long ids are cut in the middle. */
export function Copyable({
  text,
  what,
  cut = false,
  className,
}: {
  text: string
  what: string
  cut?: boolean
  className?: string
}) {
  const source = useRef<HTMLElement>(null)
  const shown = cut ? cutMiddle(text) : text
  return (
    <span className={cn('inline-flex min-w-0 max-w-full items-center gap-1', className)}>
      <code ref={source} className="min-w-0 truncate text-sm" title={text}>
        {shown}
      </code>
      <CopyButton text={text} what={what} source={source} className="text-muted-foreground" />
    </span>
  )
}
