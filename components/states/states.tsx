import { CircleAlertIcon, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '@/lib/ui/cn'

/** Nothing yet: says what the thing is for, with one action. "No keys yet. A key lets a program in." */
export function EmptyNew({
  icon: Icon,
  title,
  children,
  action,
  className,
}: {
  icon?: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div
      className={cn(
        'flex min-h-56 flex-col items-center justify-center gap-3 px-6 py-10 text-center',
        className,
      )}
    >
      {Icon && (
        <span className="flex size-10 items-center justify-center rounded-lg border bg-muted text-muted-foreground">
          <Icon className="size-5" aria-hidden="true" />
        </span>
      )}
      <div className="max-w-sm text-balance">
        <p className="font-medium text-base">{title}</p>
        {children && <div className="mt-0.5 text-muted-foreground text-sm">{children}</div>}
      </div>
      {action}
    </div>
  )
}

/** Nothing that fits: names the filters, offers Clear and, in logs, to search further back. */
export function EmptyFiltered({
  what,
  filters,
  actions,
  className,
}: {
  /** `No requests`, `No keys`. */
  what: string
  /** As their chips read. */
  filters: readonly string[]
  actions?: ReactNode
  className?: string
}) {
  return (
    <div
      className={cn(
        'flex min-h-56 flex-col items-center justify-center gap-3 px-6 py-10 text-center',
        className,
      )}
    >
      <div className="max-w-md text-balance">
        <p className="font-medium text-base">{what} fit</p>
        {filters.length > 0 && (
          <p className="mt-0.5 break-words text-muted-foreground text-sm">
            {filters.join(' and ')}
          </p>
        )}
      </div>
      {actions && <div className="flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}

/** What failed, what still works, the id to ask about, and Retry. Old data stays beside it. */
export function Problem({
  title,
  children,
  requestId,
  action,
  className,
}: {
  title: string
  /** What still works, what to do. */
  children?: ReactNode
  requestId?: string | null
  /** Retry. */
  action?: ReactNode
  className?: string
}) {
  return (
    <div
      role="alert"
      className={cn(
        'flex flex-wrap items-start gap-3 rounded-lg bg-destructive-tint px-4 py-3 text-sm',
        className,
      )}
    >
      <CircleAlertIcon
        className="mt-0.5 size-4 shrink-0 text-destructive-text"
        aria-hidden="true"
      />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium text-destructive-text">{title}</p>
        {children && <div className="break-words">{children}</div>}
        {requestId && <code className="text-muted-foreground text-xs">{requestId}</code>}
      </div>
      {action}
    </div>
  )
}

/** Something to know, in passing: a line with a mark. */
export function Note({
  tone = 'info',
  children,
  action,
  className,
}: {
  tone?: 'info' | 'warning' | 'success'
  children: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div
      className={cn(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg px-4 py-2.5 text-sm',
        noteTones[tone],
        className,
      )}
    >
      <div className="min-w-0 flex-1 basis-56 break-words">{children}</div>
      {action}
    </div>
  )
}

const noteTones = {
  info: 'bg-primary-tint',
  warning: 'bg-warning-tint',
  success: 'bg-success-tint',
}
