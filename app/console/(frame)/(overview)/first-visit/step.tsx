import { CheckIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '@/lib/ui/cn'

export type StepState = 'done' | 'current' | 'ahead'

const words: Record<StepState, string> = { done: 'done', current: 'now', ahead: 'to come' }

/** One step of the path: what it is for, what came of it, and its controls while it is the one. */
export function Step({
  number,
  state,
  title,
  summary,
  children,
}: {
  number: number
  state: StepState
  title: string
  summary: ReactNode
  children?: ReactNode
}) {
  return (
    <li
      aria-current={state === 'current' ? 'step' : undefined}
      className="group/step relative flex gap-4 pb-5 last:pb-0"
    >
      <span
        aria-hidden="true"
        className={cn(
          'absolute top-8 bottom-1 left-[13.5px] w-px group-last/step:hidden',
          state === 'done' ? 'bg-success' : 'bg-border',
        )}
      />
      <span
        aria-hidden="true"
        className={cn(
          'flex size-7 shrink-0 items-center justify-center rounded-full border font-medium text-sm',
          state === 'done' && 'border-transparent bg-success-tint text-success-text',
          state === 'current' && 'border-transparent bg-primary text-primary-foreground',
          state === 'ahead' && 'bg-card text-muted-foreground',
        )}
      >
        {state === 'done' ? <CheckIcon className="size-4" /> : number}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-3 pt-1">
        <div>
          <h2
            className={cn('font-semibold text-base', state === 'ahead' && 'text-muted-foreground')}
          >
            {title}
            <span className="sr-only">, {words[state]}</span>
          </h2>
          <div className="wrap-anywhere text-muted-foreground text-sm">{summary}</div>
        </div>
        {children}
      </div>
    </li>
  )
}
