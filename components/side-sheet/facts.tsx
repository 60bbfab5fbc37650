import type { ReactNode } from 'react'
import { cn } from '@/lib/ui/cn'

/** Names and what they are, in two columns: the facts of a request, a key, a server. */
export function Facts({
  facts,
  className,
}: {
  facts: readonly { label: string; value: ReactNode }[]
  className?: string
}) {
  return (
    <dl
      className={cn(
        'grid grid-cols-[minmax(6rem,9rem)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm',
        className,
      )}
    >
      {facts.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="text-muted-foreground">{label}</dt>
          <dd className="wrap-anywhere min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
