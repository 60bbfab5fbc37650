'use client'

import { useZone } from '@/components/shell/zone'
import { Button } from '@/components/ui/button'
import { formatClock } from '@/lib/ui/format-time'
import { Problem } from './states'

/** What `useLive` tells of its last answer; where that failed, what is seen is from before. */
export function StaleProblem({
  title = 'What you see may be old',
  problem,
  asOfMs,
  refresh,
  className,
}: {
  title?: string
  problem: string | null
  /** When the data that is seen was answered last. */
  asOfMs: number | null
  refresh: () => Promise<void>
  className?: string
}) {
  const zone = useZone()
  if (problem === null) return null
  return (
    <Problem
      title={title}
      className={className}
      action={
        <Button variant="outline" onClick={() => void refresh()}>
          Retry
        </Button>
      }
    >
      {problem} What stands here is as of {asOfMs === null ? 'before' : formatClock(asOfMs, zone)}.
    </Problem>
  )
}
