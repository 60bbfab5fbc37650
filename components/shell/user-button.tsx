'use client'

import { useState } from 'react'
import { lazyOverlay } from '@/components/lazy-overlay/lazy-overlay'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'

const UserMenu = lazyOverlay('menu', () => import('./user-menu').then((m) => m.UserMenu))

export type ShellUser = { name: string; role: string; href?: string }

export type UserMenuProps = {
  user: ShellUser
  onShortcuts: () => void
  /** A server action. */
  signOut: () => void | Promise<void>
}

/** Who is signed in; opens their menu. */
export function UserButton(props: UserMenuProps) {
  const [isOpen, setIsOpen] = useState(false)
  const { name } = props.user
  const button = (
    <Button variant="ghost" size="icon" aria-label={`${name}: menu`}>
      <Avatar name={name} />
    </Button>
  )
  return <UserMenu {...props} button={button} open={isOpen} onOpenChange={setIsOpen} />
}
