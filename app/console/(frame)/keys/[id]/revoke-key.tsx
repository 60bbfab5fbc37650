'use client'

import { AsCommand } from '@/components/as-command/as-command'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { BlastFacts } from '../../blast-facts'
import { revokeKeyAction } from '../actions'

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
      {open && <BlastFacts target={{ key: keyId }} />}
      <div>
        <AsCommand args={['keys', 'revoke', prefix]} />
      </div>
    </TypedConfirmation>
  )
}
