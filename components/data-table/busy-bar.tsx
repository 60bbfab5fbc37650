import { cn } from '@/lib/ui/cn'

/** Two pixels on top of what is being fetched again; old data stays below. */
export function BusyBar({ isBusy }: { isBusy: boolean }) {
  return (
    <div
      aria-hidden="true"
      className={cn(
        'pointer-events-none absolute inset-x-0 top-0 z-20 h-0.5 overflow-hidden transition-opacity duration-100',
        isBusy ? 'opacity-100' : 'opacity-0',
      )}
    >
      <div className={cn('h-full w-full bg-primary', isBusy && 'animate-sheen')} />
    </div>
  )
}
