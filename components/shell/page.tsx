import type { ReactNode } from 'react'
import { cn } from '@/lib/ui/cn'

/**
 * A page: title row (`actions` on the right: range and Live, at most one primary button), toolbar,
 * content. `width="form"` holds it to 720 px.
 */
export function Page({
  title,
  description,
  badge,
  actions,
  toolbar,
  width = 'full',
  children,
}: {
  title: ReactNode
  description?: ReactNode
  /** Beside the title: a state, a copy button. */
  badge?: ReactNode
  actions?: ReactNode
  toolbar?: ReactNode
  width?: 'full' | 'form'
  children: ReactNode
}) {
  return (
    <div
      className={cn(
        'flex w-full min-w-0 flex-1 flex-col gap-4 px-4 pt-5 pb-10 md:px-6',
        width === 'form' && 'max-w-[768px]',
      )}
    >
      <div className="flex min-h-control flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 max-w-full flex-col">
          <div className="flex min-w-0 items-center gap-3">
            <h1 className="min-w-0 truncate font-semibold text-xl">{title}</h1>
            {badge}
          </div>
          {description && (
            <p className="max-w-[72ch] text-muted-foreground text-sm">{description}</p>
          )}
        </div>
        {actions && (
          <div data-print="hide" className="flex max-w-full flex-wrap items-center gap-2">
            {actions}
          </div>
        )}
      </div>
      {toolbar}
      {children}
    </div>
  )
}

/** A heading inside a page, with an anchor of its own. */
export function Section({
  id,
  title,
  description,
  actions,
  className,
  children,
}: {
  id?: string
  title: ReactNode
  description?: ReactNode
  actions?: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <section id={id} className={cn('flex min-w-0 flex-col gap-3', className)}>
      <div className="flex min-h-control flex-wrap items-center justify-between gap-2">
        <div className="min-w-0">
          <h2 className="font-semibold text-base">{title}</h2>
          {description && <p className="text-muted-foreground text-sm">{description}</p>}
        </div>
        {actions && <div className="flex items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  )
}
