import { Fragment } from 'react'
import { Link } from '@/components/link/link'
import { Skeleton } from '@/components/ui/skeleton'
import type { SinceLastVisit } from '@/lib/admin/since-last-visit'
import type { Role } from '@/lib/schemas/permissions'
import { cn } from '@/lib/ui/cn'
import { requestsHref } from '@/lib/ui/request-links'
import { describeSince } from './describe-since'

type Kind = SinceLastVisit['facts'][number]['kind']

/** What happened since this person was here, in one line; each fact leads to where it is told. */
export function SinceLine({
  since,
  nowMs,
  zone,
  role,
}: {
  since: SinceLastVisit
  nowMs: number
  zone: string
  role: Role
}) {
  if (since.facts.length === 0) return null
  return (
    <p className="-mt-1 text-muted-foreground text-sm">
      Since {describeSince(since.sinceMs, nowMs, zone)}:{' '}
      {since.facts.map(({ kind, text }, index) => (
        <Fragment key={text}>
          {index > 0 && ', '}
          <Link
            href={hrefOf(kind, role)}
            className={cn(
              'rounded-sm underline decoration-border underline-offset-3 hover:decoration-current',
              kind === 'outage' ? 'text-destructive-text' : 'text-foreground',
            )}
          >
            {text}
          </Link>
        </Fragment>
      ))}
    </p>
  )
}

/** As high as the line. */
export function SinceSkeleton() {
  return (
    <div className="-mt-1 flex h-5 items-center">
      <Skeleton className="h-3 w-96 max-w-full" />
    </div>
  )
}

function hrefOf(kind: Kind, role: Role): string {
  switch (kind) {
    case 'outage':
      return '/console/servers'
    case 'errors':
      return requestsHref('7d', { field: 'outcome', value: 'failed' })
    case 'expiry':
      return '/console/keys'
    case 'pull':
      return '/console/models'
    case 'change':
      return role === 'member' ? '/console' : '/console/audit'
  }
}
