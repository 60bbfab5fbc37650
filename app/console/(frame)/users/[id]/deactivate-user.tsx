'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { AsCommand } from '@/components/as-command/as-command'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { BlastRadius, TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { Skeleton } from '@/components/ui/skeleton'
import type { WhatStops } from '@/lib/admin/user-page'
import { formatNumberOf } from '@/lib/ui/format'
import { userCommand } from '@/lib/ui/people-command'
import { activateUserAction, deactivateUserAction, findWhatStopsAction } from '../actions'

/** Says what stops before it does; it can be undone, but what was on its way is gone. */
export function DeactivateUser({
  user,
  open,
  onOpenChange,
}: {
  user: { id: string; name: string }
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const router = useRouter()
  const undo = async () => {
    const result = await activateUserAction(user.id)
    if (!result.ok) toastProblem(`${user.name} is still deactivated`, result.error.message)
    router.refresh()
  }
  return (
    <TypedConfirmation
      open={open}
      onOpenChange={onOpenChange}
      title={`Deactivate ${user.name}?`}
      description="Within a second, and until somebody activates the account again, this stops:"
      verb="Deactivate user"
      act={async () => {
        const result = await deactivateUserAction(user.id)
        if (result.ok) {
          toastDone(`${user.name} deactivated`, undo)
          router.refresh()
        }
        return result
      }}
    >
      {open && <Stops userId={user.id} />}
      <div className="-ml-3">
        <AsCommand args={userCommand('deactivate', user.name)} />
      </div>
    </TypedConfirmation>
  )
}

function Stops({ userId }: { userId: string }) {
  const { data, error } = useQuery({
    queryKey: ['what-stops', userId],
    staleTime: 0,
    queryFn: async () => {
      const result = await findWhatStopsAction(userId)
      if (!result.ok) throw new Error(result.error.message)
      return result
    },
  })
  if (error) {
    return (
      <p role="alert" className="text-destructive-text text-sm">
        What stops is not known: {error.message}
      </p>
    )
  }
  if (!data) return <Skeleton className="h-32 w-full" />
  return (
    <>
      <ul className="list-disc space-y-1 pl-5 text-sm">
        {describeStops(data).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <BlastRadius facts={data.facts} isHarmless={data.isHarmless} />
    </>
  )
}

function describeStops({ keys, inFlight, hasSession }: WhatStops): string[] {
  const verb = inFlight === 1 ? 'is' : 'are'
  return [
    keys === 0
      ? 'No key: none works now'
      : `${formatNumberOf(keys, 'key')}: refused with 403 until then`,
    inFlight === 0
      ? 'No request: none is in flight'
      : `${formatNumberOf(inFlight, 'request')} in flight: ${verb} ended`,
    hasSession ? 'Every session in the console' : 'No session: they have never signed in',
  ]
}
