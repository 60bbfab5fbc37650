'use client'

import { DownloadIcon, PlugZapIcon, PlusIcon, SunMoonIcon } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useMemo } from 'react'
import type { PaletteItem } from '@/components/shell/palette'
import type { PaletteAct } from '@/lib/admin/frame'

const group = 'Do'

const acts: Record<PaletteAct, Omit<PaletteItem, 'id' | 'group'>> = {
  'create-key': { label: 'Create key', href: '/console/keys?do=create', icon: <PlusIcon /> },
  'add-server': { label: 'Add server', href: '/console/servers?add=true', icon: <PlusIcon /> },
  'pull-model': { label: 'Pull model', href: '/console/models?do=pull', icon: <DownloadIcon /> },
  'invite-user': { label: 'Invite user', href: '/console/users?do=invite', icon: <PlusIcon /> },
}

const themes = [
  { value: 'light', label: 'Light theme' },
  { value: 'dark', label: 'Dark theme' },
  { value: 'system', label: 'Theme as the system' },
]

/** What is done most, from any page: the palette offers it. */
export function usePaletteActs(
  allowed: readonly PaletteAct[],
  connect: (isOpen: boolean) => void,
): readonly PaletteItem[] {
  const { setTheme } = useTheme()
  return useMemo(
    () => [
      ...allowed.map((id) => ({ id, group, ...acts[id] })),
      {
        id: 'connect',
        group,
        label: 'Connect a client',
        icon: <PlugZapIcon />,
        run: () => connect(true),
      },
      ...themes.map(({ value, label }) => ({
        id: `theme:${value}`,
        group,
        label,
        icon: <SunMoonIcon />,
        run: () => setTheme(value),
      })),
    ],
    [allowed, connect, setTheme],
  )
}
