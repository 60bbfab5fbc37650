import type { ReactNode } from 'react'
import { Link } from '@/components/link/link'
import { cn } from '@/lib/ui/cn'

export type BarListItem = {
  id: string
  label: ReactNode
  /** The whole of a label that may be cut. */
  title?: string
  value: number | null
  text: string
  /** Second text after the value, such as a share. */
  detail?: string
  href?: string
}

/** The first few of something: name, bar to the scale of the largest, figure. */
export function BarList({
  items,
  mono = false,
  color = 'var(--chart-1)',
  className,
}: {
  items: readonly BarListItem[]
  mono?: boolean
  color?: string
  className?: string
}) {
  const largest = Math.max(...items.map(({ value }) => value ?? 0), 0)
  return (
    <ol className={cn('flex flex-col gap-px', className)}>
      {items.map((item) => (
        <li key={item.id} className="relative -mx-2 rounded-md px-2 py-1.5 has-[a:hover]:bg-muted">
          <div className="flex items-baseline justify-between gap-3 text-sm">
            <span
              className={cn('min-w-0 truncate', mono && 'font-mono')}
              title={item.title ?? (typeof item.label === 'string' ? item.label : undefined)}
            >
              {item.href ? (
                <Link
                  href={item.href}
                  className="rounded-sm after:absolute after:inset-0 after:content-['']"
                >
                  {item.label}
                </Link>
              ) : (
                item.label
              )}
            </span>
            <span className="shrink-0">
              {item.text}
              {item.detail && <span className="ml-2 text-muted-foreground">{item.detail}</span>}
            </span>
          </div>
          <div aria-hidden="true" className="mt-1 h-1 overflow-hidden rounded-full bg-accent">
            <div
              className="h-full rounded-full"
              style={{
                width: `${largest > 0 ? Math.max(1, ((item.value ?? 0) / largest) * 100) : 0}%`,
                background: color,
              }}
            />
          </div>
        </li>
      ))}
    </ol>
  )
}
