import { cn } from '@/lib/ui/cn'

/** Corral's own mark: a fence with its gate open. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cn('size-6 shrink-0', className)}>
      <rect width="24" height="24" rx="6" className="fill-primary" />
      <path
        d="M7 6.5v11M17 6.5v11M7 9.5h3.2M7 14.5h3.2M17 9.5l-4.6 1.9M17 14.5l-4.6 1.9"
        className="stroke-primary-foreground"
        strokeWidth="1.8"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  )
}
