'use client'

import { useQuery } from '@tanstack/react-query'
import { AsCommand } from '@/components/as-command/as-command'
import { BlastRadius, TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { Skeleton } from '@/components/ui/skeleton'
import { findBlastRadiusAction, revokeKeyAction } from '../actions'

/** Final: behind the typed prefix, with whom it would have hit. */
export function RevokeKey({
  keyId,
  name,
  prefix,
  open,
  onOpenChange,
  onDone,
}: {
  keyId: string
  name: string
  prefix: string
  open: boolean
  onOpenChange: (open: boolean) => void
  onDone: () => void
}) {
  return (
    <TypedConfirmation
      open={open}
      onOpenChange={onOpenChange}
      title={`Revoke ${name}?`}
      description="It is refused within a second, for ever. Its usage and history stay."
      phrase={`op_${prefix}`}
      verb="Revoke key"
      act={async () => {
        const result = await revokeKeyAction(keyId)
        if (result.ok) onDone()
        return result
      }}
    >
      {open && <Whom keyId={keyId} />}
      <div>
        <AsCommand args={['keys', 'revoke', prefix]} />
      </div>
    </TypedConfirmation>
  )
}

function Whom({ keyId }: { keyId: string }) {
  const { data, error } = useQuery({
    queryKey: ['blast-radius', keyId],
    queryFn: async () => {
      const result = await findBlastRadiusAction(keyId)
      if (!result.ok) throw new Error(result.error.message)
      return result
    },
  })
  if (error) {
    return (
      <p role="alert" className="text-destructive-text text-sm">
        Whom it would have hit is not known: {error.message}
      </p>
    )
  }
  if (!data) return <Skeleton className="h-14 w-full" />
  return <BlastRadius facts={data.facts} isHarmless={data.isHarmless} />
}
