'use client'

import { KeyboardIcon, LogOutIcon, MonitorIcon, MoonIcon, SunIcon, UserIcon } from 'lucide-react'
import { useTheme } from 'next-themes'
import type { OverlayProps } from '@/components/lazy-overlay/lazy-overlay'
import { Link } from '@/components/link/link'
import { Avatar } from '@/components/ui/avatar'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuShortcut,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import type { UserMenuProps } from './user-button'

/** What the button with the reader's initial opens: their page, the shortcuts, the theme, the way out. */
export function UserMenu({
  user,
  button,
  open,
  onOpenChange,
  onShortcuts,
  signOut,
}: UserMenuProps & OverlayProps) {
  const { theme = 'system', setTheme } = useTheme()
  return (
    <DropdownMenu open={open} onOpenChange={onOpenChange}>
      <DropdownMenuTrigger asChild>{button}</DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-56">
        <div className="flex items-center gap-2.5 px-2 py-1.5">
          <Avatar name={user.name} className="size-8 text-xs" />
          <div className="min-w-0">
            <p className="truncate font-medium text-sm">{user.name}</p>
            <p className="text-muted-foreground text-xs">{user.role}</p>
          </div>
        </div>
        <DropdownMenuSeparator />
        {user.href && (
          <DropdownMenuItem asChild>
            <Link href={user.href}>
              <UserIcon /> Your page
            </Link>
          </DropdownMenuItem>
        )}
        <DropdownMenuItem onSelect={onShortcuts}>
          <KeyboardIcon /> Shortcuts <DropdownMenuShortcut>?</DropdownMenuShortcut>
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme} onValueChange={setTheme}>
          {themes.map(({ value, label, Icon }) => (
            <DropdownMenuRadioItem
              key={value}
              value={value}
              onSelect={(event) => event.preventDefault()}
            >
              <Icon /> {label}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut()}>
          <LogOutIcon /> Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

const themes = [
  { value: 'system', label: 'As the system', Icon: MonitorIcon },
  { value: 'light', label: 'Light', Icon: SunIcon },
  { value: 'dark', label: 'Dark', Icon: MoonIcon },
]
