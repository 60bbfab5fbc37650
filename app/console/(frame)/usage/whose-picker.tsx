'use client'

import { ChevronDownIcon, UsersIcon } from 'lucide-react'
import { useState } from 'react'
import { lazyOverlay } from '@/components/lazy-overlay/lazy-overlay'
import { Button } from '@/components/ui/button'
import type { UsageWho } from '@/lib/admin/usage-page'
import { titleOf, whoseIcons } from './whose'

const WhosePopover = lazyOverlay('dialog', () =>
  import('./whose-popover').then((m) => m.WhosePopover),
)

/** Everyone, or one user or key, found by a part of the name. */
export function WhosePicker({
  who,
  seesEveryone,
  onChoose,
}: {
  who: UsageWho | null
  /** A member's whole is what is their own. */
  seesEveryone: boolean
  onChoose: (who: UsageWho | null) => void
}) {
  const [isOpen, setIsOpen] = useState(false)
  const everyone = seesEveryone ? 'Everyone' : 'All of mine'
  const Icon = who ? whoseIcons[who.kind] : UsersIcon
  const button = (
    <Button
      variant="outline"
      className="min-w-0 max-w-72"
      title={who ? titleOf(who) : undefined}
      aria-label={`Usage of ${who ? titleOf(who) : everyone}`}
    >
      <Icon className="text-muted-foreground" />
      <span className="truncate">{who?.name ?? everyone}</span>
      <ChevronDownIcon className="text-muted-foreground" />
    </Button>
  )
  return (
    <WhosePopover
      who={who}
      everyone={everyone}
      onChoose={onChoose}
      button={button}
      open={isOpen}
      onOpenChange={setIsOpen}
    />
  )
}
