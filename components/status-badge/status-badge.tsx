import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/lib/ui/cn'

/** What a state looks like: a shape, a word and a tint, so that it is told apart without colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'draining' | 'off' | 'unknown' | 'busy'

const looks = {
  good: { mark: '✓', variant: 'success' },
  warn: { mark: '▲', variant: 'warning' },
  bad: { mark: '■', variant: 'destructive' },
  draining: { mark: '↓', variant: 'default' },
  off: { mark: '○', variant: 'secondary' },
  unknown: { mark: '◌', variant: 'secondary' },
  busy: { mark: '●', variant: 'default' },
} as const

/** `quiet` leaves the tint away: for many at once, such as healthy ones in a list. */
export function StatusBadge({
  tone,
  quiet = false,
  className,
  children,
}: {
  tone: Tone
  quiet?: boolean
  className?: string
  children: ReactNode
}) {
  const { mark, variant } = looks[tone]
  return (
    <Badge variant={quiet ? 'quiet' : variant} className={className}>
      <span
        aria-hidden="true"
        className={cn(
          'inline-block w-3 text-center text-[0.625rem] leading-none',
          quiet && tone === 'good' && 'text-success-text',
        )}
      >
        {mark}
      </span>
      <span className="truncate">{children}</span>
    </Badge>
  )
}
