'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { Link } from '@/components/link/link'
import { AppShell, type AppShellProps } from '@/components/shell/app-shell'
import type { PaletteItem } from '@/components/shell/palette'
import { toastDone, toastProblem } from '@/components/toast/toast'
import type { Frame } from '@/lib/admin/frame'
import type { FoundAction, FoundThing } from '@/lib/admin/search-anything'
import { ConnectButton } from './connect/connect-button'
import { drainServer } from './servers/actions'
import { usePaletteActs } from './use-palette-acts'

const healthEveryMs = 5000
const notKnown = 'The console does not answer'

/** The shell with what it asks the server for: the health of the whole, and what the palette finds. */
export function ConsoleFrame({
  acts,
  health,
  kept,
  signOut,
  children,
  ...shell
}: Pick<Frame, 'pages' | 'acts' | 'health' | 'branding' | 'kept'> &
  Pick<AppShellProps, 'user' | 'isFolded' | 'signOut'> & {
    children: ReactNode
  }) {
  const { data: now, isError } = useQuery({
    queryKey: ['frame'],
    initialData: health,
    refetchInterval: healthEveryMs,
    refetchOnWindowFocus: true,
    // Without a network, too, the last answer is not how things are.
    networkMode: 'always',
    queryFn: async ({ signal }) => {
      const answer = await fetch('/console/data/frame', { signal, cache: 'no-store' })
      // The session ended elsewhere: loaded anew, the page leads to the sign-in.
      if (answer.status === 401) window.location.reload()
      if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
      return (await answer.json()) as Frame['health']
    },
  })
  useTitleOfTrouble(now.down)
  const [isConnecting, setIsConnecting] = useState(false)
  const paletteItems = usePaletteActs(acts, setIsConnecting)
  const leave = async () => {
    await signOut()
    // A whole new page: nothing of this session stays in memory.
    window.location.assign('/console/sign-in')
  }
  return (
    <AppShell
      {...shell}
      signOut={leave}
      health={isError ? { state: 'unknown', words: notKnown, href: now.href } : now}
      paletteItems={paletteItems}
      search={search}
      connect={<ConnectButton open={isConnecting} onOpenChange={setIsConnecting} />}
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
      ...doing(action, label),
    })),
  }))
}

function doing(
  { href, resumes: id }: FoundAction,
  name: string,
): Pick<PaletteItem, 'href' | 'run'> {
  return id === undefined ? { href } : { run: () => turnDrain({ id, name, isDrained: false }) }
}

async function turnDrain(server: { id: string; name: string; isDrained: boolean }): Promise<void> {
  const { id, name, isDrained } = server
  const result = await drainServer(id, isDrained)
  const words = isDrained ? 'is draining' : 'takes work again'
  if (result.ok) toastDone(`${name} ${words}`, () => turnDrain({ id, name, isDrained: !isDrained }))
  else toastProblem(`${name} is as it was`, result.error.message)
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
