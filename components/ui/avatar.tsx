import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

/** The first letters of a name; no picture is ever fetched. */
export function Avatar({ name, className, ...props }: ComponentProps<'span'> & { name: string }) {
  return (
    <span
      data-slot="avatar"
      aria-hidden="true"
      className={cn(
        'inline-flex size-6 shrink-0 select-none items-center justify-center rounded-full bg-primary-tint font-semibold text-[0.6875rem] text-primary-text leading-none',
        className,
      )}
      {...props}
    >
      {initialsOf(name)}
    </span>
  )
}

function initialsOf(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean)
  const letters = words.length > 1 ? words.slice(0, 2).map(firstLetter) : [firstLetter(name)]
  return letters.join('').toUpperCase()
}

function firstLetter(word: string): string {
  return [...word][0] ?? ''
}
