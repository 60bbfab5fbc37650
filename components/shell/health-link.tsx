import { Link } from '@/components/link/link'
import { cn } from '@/lib/ui/cn'

/** The health of the whole, worst first: `gpu-2 is down`. A link to what it speaks of. */
export type Health = {
  state: 'healthy' | 'degraded' | 'down' | 'unknown'
  words: string
  href: string
}

const shapes = {
  healthy: { mark: '✓', tone: 'text-success' },
  degraded: { mark: '▲', tone: 'text-warning' },
  down: { mark: '■', tone: 'text-destructive' },
  unknown: { mark: '◌', tone: 'text-faint' },
} as const

export function HealthLink({ health, className }: { health: Health; className?: string }) {
  const { mark, tone } = shapes[health.state]
  return (
    <Link
      href={health.href}
      className={cn(
        'flex h-control min-w-0 items-center gap-2 rounded-md px-2 text-muted-foreground text-sm hover:bg-accent hover:text-foreground',
        className,
      )}
    >
      <span aria-hidden="true" className={cn('w-3 shrink-0 text-center text-xs', tone)}>
        {mark}
      </span>
      <span role="status" className="truncate max-sm:sr-only">
        {health.words}
      </span>
    </Link>
  )
}
