import { Link } from '@/components/link/link'
import { cn } from '@/lib/ui/cn'
import type { UserView } from './search-params'

const labels: Record<UserView, string> = {
  people: 'People',
  teams: 'Teams',
  invitations: 'Invitations',
}

/** People | Teams | Invitations: each its own URL. */
export function ViewSwitch({
  views,
  current,
}: {
  views: readonly { id: UserView; count: number | null }[]
  current: UserView
}) {
  return (
    <nav
      aria-label="What is listed"
      className="inline-flex w-fit max-w-full items-center gap-0.5 rounded-md bg-accent p-0.5"
    >
      {views.map(({ id, count }) => (
        <Link
          key={id}
          href={id === 'people' ? '/console/users' : `/console/users?view=${id}`}
          aria-current={id === current ? 'page' : undefined}
          scroll={false}
          className={cn(
            'inline-flex h-[calc(var(--control-height)-4px)] items-center gap-1.5 whitespace-nowrap rounded-sm px-2.5 font-medium text-sm transition-colors',
            id === current
              ? 'bg-card text-foreground shadow-xs dark:bg-background'
              : 'text-muted-foreground hover:text-foreground',
          )}
        >
          {labels[id]}
          {count !== null && count > 0 && (
            <span className="font-normal text-muted-foreground">{count}</span>
          )}
        </Link>
      ))}
    </nav>
  )
}
