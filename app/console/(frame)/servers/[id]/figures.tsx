import type { ReactNode } from 'react'
import { Link } from '@/components/link/link'

type Figure = { label: string; value: string; second?: ReactNode; href?: string }

/** A row of figures in one box; those with an address lead to their rows. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <div className="overflow-hidden rounded-lg border bg-border">
      <dl className="grid grid-cols-2 gap-px sm:grid-cols-3 xl:grid-cols-6">
        {figures.map(({ label, value, second, href }) => (
          <div key={label} className="relative flex min-w-0 flex-col gap-0.5 bg-card px-4 py-3">
            <dt className="truncate text-muted-foreground text-xs">{label}</dt>
            <dd className="flex min-w-0 items-baseline gap-2">
              {href === undefined ? (
                <span className="truncate font-semibold text-lg">{value}</span>
              ) : (
                <Link href={href} className="truncate font-semibold text-lg hover:underline">
                  {value}
                </Link>
              )}
              {second && <span className="truncate text-muted-foreground text-sm">{second}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
