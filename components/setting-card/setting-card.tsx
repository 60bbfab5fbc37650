import type { ReactNode } from 'react'
import { Card, CardContent, CardFooter } from '@/components/ui/card'
import { cn } from '@/lib/ui/cn'

/** One setting: what it does, its control with unit and default, who changed it, Save when dirty. */
export function SettingCard({
  id,
  title,
  effect,
  control,
  unit,
  defaultText,
  problem,
  foot,
  actions,
  tone = 'plain',
}: {
  /** Its anchor. */
  id: string
  title: string
  /** What it does, in a sentence. */
  effect: ReactNode
  control: ReactNode
  unit?: string
  defaultText?: string
  /** Why the value is not taken, in words. */
  problem?: string | null
  /** `Changed by ana 3 d ago · Undo`, or `In effect on 2 of 2 nodes`. */
  foot?: ReactNode
  /** Save, when the value was changed. */
  actions?: ReactNode
  tone?: 'plain' | 'danger'
}) {
  return (
    <Card
      id={id}
      aria-labelledby={`${id}-title`}
      className={cn(
        'scroll-mt-18 target:border-ring',
        tone === 'danger' && 'border-destructive/50 target:border-destructive',
      )}
    >
      <CardContent className="grid gap-x-8 gap-y-3 pt-4 sm:grid-cols-[minmax(0,1fr)_minmax(12rem,18rem)]">
        <div className="min-w-0">
          <h3 id={`${id}-title`} className="font-medium text-base">
            <a href={`#${id}`} className="rounded-sm hover:underline">
              {title}
            </a>
          </h3>
          <div className="text-muted-foreground text-sm">{effect}</div>
        </div>
        <div className="flex min-w-0 flex-col gap-1.5">
          <div className="flex min-w-0 items-center gap-2 sm:justify-end">
            {control}
            {unit && (
              <span className="shrink-0 text-muted-foreground text-sm sm:min-w-16">{unit}</span>
            )}
          </div>
          {defaultText && (
            <p className="text-muted-foreground text-xs sm:text-right">Default {defaultText}</p>
          )}
          {problem && (
            <p role="alert" className="text-destructive-text text-xs">
              {problem}
            </p>
          )}
        </div>
      </CardContent>
      {(foot || actions) && (
        <CardFooter>
          <div className="min-w-0 flex-1" role="status">
            {foot}
          </div>
          {actions}
        </CardFooter>
      )}
    </Card>
  )
}
