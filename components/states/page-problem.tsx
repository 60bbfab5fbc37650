'use client'

import { Button } from '@/components/ui/button'
import { Problem } from './states'

/** What a page's `error.tsx` shows: `digest` is the id under which the log has it. */
export function PageProblem({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return (
    <div className="px-4 pt-5 md:px-6">
      <Problem
        title="This page could not be made"
        requestId={error.digest ?? null}
        action={
          <Button variant="outline" onClick={reset}>
            Retry
          </Button>
        }
      >
        The gateway and the other pages carry on. The log has the reason.
      </Problem>
    </div>
  )
}
