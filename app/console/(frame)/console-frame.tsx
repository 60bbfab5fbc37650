'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { Link } from '@/components/link/link'
import { AppShell, type AppShellProps } from '@/components/shell/app-shell'
import type { PaletteItem } from '@/components/shell/palette'
import type { Frame } from '@/lib/admin/frame'
import type { FoundThing } from '@/lib/admin/search-anything'
import { ConnectButton } from './connect/connect-button'

const healthEveryMs = 5000

/** The shell with what it asks the server for: the health of the whole, and what the palette finds. */
export function ConsoleFrame({
  health,
  kept,
  signOut,
  children,
  ...shell
}: Pick<Frame, 'pages' | 'health' | 'branding' | 'kept'> &
  Pick<AppShellProps, 'user' | 'isFolded' | 'signOut'> & {
    children: ReactNode
  }) {
  const { data: now } = useQuery({
    queryKey: ['frame'],
    initialData: health,
    refetchInterval: healthEveryMs,
    queryFn: async ({ signal }) => {
      const answer = await fetch('/console/data/frame', { signal, cache: 'no-store' })
      // The session ended elsewhere: loaded anew, the page leads to the sign-in.
      if (answer.status === 401) window.location.reload()
      if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
      return (await answer.json()) as Frame['health']
    },
  })
  useTitleOfTrouble(now.down)
  const leave = async () => {
    await signOut()
    // A whole new page: nothing of this session stays in memory.
    window.location.assign('/console/sign-in')
  }
  return (
    <AppShell
      {...shell}
      signOut={leave}
      health={now}
      search={search}
      connect={<ConnectButton />}
      notice={kept === 'none' ? undefined : <CaptureNotice kept={kept} />}
    >
      {children}
    </AppShell>
  )
}

function CaptureNotice({ kept }: { kept: 'all' | 'some' }) {
  return (
    <p
      role="note"
      className="border-b bg-warning-tint px-4 py-1.5 text-sm text-warning-text md:px-6"
    >
      {kept === 'all'
        ? 'Prompts and answers are being kept.'
        : 'Prompts and answers of some keys are being kept: a key’s page says whether its are.'}{' '}
      <Link href="/console/help" className="underline underline-offset-4">
        For how long, and who may read them
      </Link>
    </p>
  )
}

/** A tab in the background says what is wrong first: `1 down · Overview`. */
function useTitleOfTrouble(down: number): void {
  useEffect(() => {
    const title = document.querySelector('title')
    if (!title) return
    const mark = down > 0 ? `${down} down · ` : ''
    const write = () => {
      const plain = document.title.replace(/^\d+ down · /, '')
      if (document.title !== mark + plain) document.title = mark + plain
    }
    write()
    // Next writes the page's own title after each navigation.
    const observer = new MutationObserver(write)
    observer.observe(document.head, { childList: true, characterData: true, subtree: true })
    return () => observer.disconnect()
  }, [down])
}

async function search(text: string, signal: AbortSignal): Promise<readonly PaletteItem[]> {
  const url = `/console/data/search?text=${encodeURIComponent(text)}`
  const found = await readJson<FoundThing[]>(url, signal)
  return found.map(({ kind, id, label, detail, href, actions }) => ({
    id: `${kind}:${id}`,
    group: groups[kind],
    label,
    detail,
    href,
    actions: actions.map((action) => ({
      id: `${kind}:${id}:${action.label}`,
      group: label,
      label: action.label,
      href: action.href,
    })),
  }))
}

const groups: Record<FoundThing['kind'], string> = {
  key: 'Keys',
  user: 'Users',
  team: 'Teams',
  server: 'Servers',
  model: 'Models',
  setting: 'Settings',
  request: 'Requests',
}

async function readJson<Data>(url: string, signal: AbortSignal): Promise<Data> {
  const answer = await fetch(url, { signal, cache: 'no-store' })
  if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
  return (await answer.json()) as Data
}
