'use client'

import { MenuIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useShortcut } from '@/components/kbd/use-shortcut'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { Button } from '@/components/ui/button'
import { foldedCookie, writeCookie } from '@/lib/ui/cookies'
import { CrumbsProvider, CrumbTrail } from './crumbs'
import { type Health, HealthLink } from './health-link'
import { type NavId, navPages } from './navigation'
import type { PaletteItem, PaletteSearch } from './palette'
import { PaletteButton } from './palette-button'
import { type Branding, Sidebar } from './sidebar'
import { useGoKeys } from './use-go-keys'
import { type ShellUser, UserButton } from './user-button'

const Palette = lazyDialog(() => import('./palette').then((m) => m.Palette))
const ShortcutsDialog = lazyDialog(() =>
  import('./shortcuts-dialog').then((m) => m.ShortcutsDialog),
)
const NavDrawer = lazyDialog(() => import('./nav-drawer').then((m) => m.NavDrawer))

export type AppShellProps = {
  /** What this person may see, in any order. */
  pages: readonly NavId[]
  user: ShellUser
  health: Health
  branding: Branding
  /** From `foldedCookie`, so that the first paint is right. */
  isFolded: boolean
  /** A server action. */
  signOut: () => void | Promise<void>
  /** The Connect button with its dialog. */
  connect?: ReactNode
  /** A line above the page, such as "capture is on". */
  notice?: ReactNode
  /** More than the pages: actions, and things to find on the server. */
  paletteItems?: readonly PaletteItem[]
  search?: PaletteSearch
  children: ReactNode
}

/** The frame: sidebar or drawer, top bar, palette, shortcuts; the page in its middle. */
export function AppShell(props: AppShellProps) {
  const { pages, user, health, branding, signOut, connect, notice, search, children } = props
  const [isFolded, setIsFolded] = useState(props.isFolded)
  const [isDrawerOpen, setIsDrawerOpen] = useState(false)
  const [isPaletteOpen, setIsPaletteOpen] = useState(false)
  const [isShortcutsOpen, setIsShortcutsOpen] = useState(false)
  const items = usePaletteItems(pages, props.paletteItems, () => setIsShortcutsOpen(true))
  useGoKeys(pages)
  useShortcut('?', () => setIsShortcutsOpen(true))
  usePaletteKey(() => setIsPaletteOpen((isOpen) => !isOpen))

  const fold = () => {
    writeCookie(foldedCookie, isFolded ? '0' : '1')
    setIsFolded(!isFolded)
  }

  return (
    <CrumbsProvider>
      <div data-accent={branding.accent} className="flex min-h-dvh">
        <a
          href="#content"
          className="sr-only z-50 rounded-md bg-primary px-3 py-2 text-primary-foreground focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to content
        </a>
        <Sidebar pages={pages} branding={branding} isFolded={isFolded} onFold={fold} />
        <div className="flex min-w-0 flex-1 flex-col">
          <header
            data-print="hide"
            className="sticky top-0 z-30 flex h-13 shrink-0 items-center gap-1 border-b bg-background px-2 sm:gap-2 sm:px-4 md:px-6"
          >
            <Button
              variant="ghost"
              size="icon"
              className="md:hidden"
              aria-label="Open the navigation"
              onClick={() => setIsDrawerOpen(true)}
            >
              <MenuIcon />
            </Button>
            <div className="-ml-1 min-w-0 flex-1">
              <CrumbTrail pages={pages} />
            </div>
            <PaletteButton onOpen={() => setIsPaletteOpen(true)} />
            <HealthLink
              health={health}
              className="max-w-60 max-sm:w-control max-sm:justify-center"
            />
            {connect}
            <UserButton
              user={user}
              onShortcuts={() => setIsShortcutsOpen(true)}
              signOut={signOut}
            />
          </header>
          {notice}
          <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col">
            {children}
          </main>
        </div>
      </div>
      <NavDrawer
        pages={pages}
        branding={branding}
        open={isDrawerOpen}
        onOpenChange={setIsDrawerOpen}
      />
      <Palette open={isPaletteOpen} onOpenChange={setIsPaletteOpen} items={items} search={search} />
      <ShortcutsDialog pages={pages} open={isShortcutsOpen} onOpenChange={setIsShortcutsOpen} />
    </CrumbsProvider>
  )
}

function usePaletteItems(
  pages: readonly NavId[],
  more: readonly PaletteItem[] | undefined,
  showShortcuts: () => void,
): readonly PaletteItem[] {
  const router = useRouter()
  // biome-ignore lint/correctness/useExhaustiveDependencies: showShortcuts only sets state
  return useMemo(() => {
    const going = navPages
      .filter(({ id }) => pages.includes(id))
      .map(({ id, label, href, key, icon: Icon }) => ({
        id: `page:${id}`,
        group: 'Pages',
        label,
        shortcut: `G ${key.toUpperCase()}`,
        icon: <Icon />,
        run: () => router.push(href),
      }))
    const help = { id: 'shortcuts', group: 'Help', label: 'Shortcuts', shortcut: '?' }
    return [...going, ...(more ?? []), { ...help, run: showShortcuts }]
  }, [pages, more, router])
}

function usePaletteKey(toggle: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: toggle only sets state
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      if (event.shiftKey || event.altKey) return
      event.preventDefault()
      toggle()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
