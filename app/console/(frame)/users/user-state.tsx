import { StatusBadge } from '@/components/status-badge/status-badge'
import type { UserCondition } from '@/lib/ui/user-list'
import { conditionLooks } from './people-words'

/** Whoever is active is told quietly. */
export function UserState({ condition }: { condition: UserCondition }) {
  const { tone, word } = conditionLooks[condition]
  return (
    <StatusBadge tone={tone} quiet={condition === 'active'}>
      {word}
    </StatusBadge>
  )
}
