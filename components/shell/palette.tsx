'use client'

import { ArrowLeftIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { Kbd } from '@/components/kbd/kbd'
import {
  CommandDialog,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
  CommandShortcut,
} from '@/components/ui/command'

/**
 * A thing the palette finds. Enter goes to `href` or runs `run`; a thing with `actions` lists
 * these first.
 */
export type PaletteItem = {
  id: string
  group: string
  label: string
  /** Second text, such as an owner or a state. */
  detail?: string
  /** More words to find it by. */
  keywords?: readonly string[]
  icon?: ReactNode
  shortcut?: string
  href?: string
  run?: () => void | Promise<void>
  actions?: readonly PaletteItem[]
}

/** Finds things on the server: keys, users, models, servers, settings, a request id. */
export type PaletteSearch = (text: string, signal: AbortSignal) => Promise<readonly PaletteItem[]>

const searchAfterMs = 150

export function Palette({
  open,
  onOpenChange,
  items,
  search,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  items: readonly PaletteItem[]
  search?: PaletteSearch
}) {
  return (
    <CommandDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Go to anything"
      description="Pages, keys, users, models, servers, settings, a request id, and actions."
      shouldFilter={false}
    >
      <PaletteBody items={items} search={search} onDone={() => onOpenChange(false)} />
    </CommandDialog>
  )
}

function PaletteBody({
  items,
  search,
  onDone,
}: {
  items: readonly PaletteItem[]
  search?: PaletteSearch
  onDone: () => void
}) {
  const router = useRouter()
  const [text, setText] = useState('')
  const [thing, setThing] = useState<PaletteItem | null>(null)
  const found = useFound(thing ? '' : text, search)
  const shown = useMemo(() => {
    const local = (thing?.actions ?? items).filter((item) => matches(item, text))
    const ids = new Set(local.map(({ id }) => id))
    return [...local, ...found.items.filter(({ id }) => !ids.has(id))]
  }, [thing, items, text, found.items])

  const choose = (item: PaletteItem) => {
    if (item.actions && item.actions.length > 0) {
      const open: PaletteItem | null = item.href
        ? { id: `${item.id}:open`, group: item.label, label: `Open ${item.label}`, href: item.href }
        : null
      setThing({ ...item, actions: open ? [open, ...item.actions] : item.actions })
      setText('')
      return
    }
    onDone()
    if (item.run) void item.run()
    else if (item.href) router.push(item.href)
  }

  const goBack = () => {
    setThing(null)
    setText('')
  }

  return (
    <>
      <CommandInput
        value={text}
        onValueChange={setText}
        placeholder={thing ? `What to do with ${thing.label}` : 'Go to, find or do'}
        onKeyDown={(event) => {
          if (thing && event.key === 'Backspace' && text === '') goBack()
        }}
      >
        {found.isSearching && <span className="text-faint text-xs">Searching</span>}
        {thing ? (
          <button
            type="button"
            onClick={goBack}
            className="flex items-center gap-1 rounded-sm text-muted-foreground text-xs"
          >
            <ArrowLeftIcon className="size-3.5" /> Back
          </button>
        ) : (
          <Kbd>Esc</Kbd>
        )}
      </CommandInput>
      {found.hasFailed && (
        <p role="alert" className="border-b px-3 py-2 text-destructive-text text-sm">
          The search did not answer. What stands here is still to be had; type on to ask again.
        </p>
      )}
      <CommandList>
        {!found.isSearching && !found.hasFailed && (
          <CommandEmpty>Nothing is called “{text}”.</CommandEmpty>
        )}
        {groupsOf(shown).map(([group, members]) => (
          <CommandGroup key={group} heading={group}>
            {members.map((item) => (
              <CommandItem key={item.id} value={item.id} onSelect={() => choose(item)}>
                {item.icon}
                <span className="truncate">{item.label}</span>
                {item.detail && (
                  <span className="truncate text-muted-foreground text-xs">{item.detail}</span>
                )}
                {item.shortcut && <CommandShortcut>{item.shortcut}</CommandShortcut>}
              </CommandItem>
            ))}
          </CommandGroup>
        ))}
      </CommandList>
    </>
  )
}

function useFound(
  text: string,
  search: PaletteSearch | undefined,
): { items: readonly PaletteItem[]; isSearching: boolean; hasFailed: boolean } {
  const [found, setFound] = useState<{
    text: string
    items: readonly PaletteItem[]
    hasFailed: boolean
  }>({ text: '', items: [], hasFailed: false })
  const asked = text.trim()
  const isAsked = search !== undefined && asked.length >= 2
  useEffect(() => {
    if (!isAsked || !search) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      search(asked, stop.signal).then(
        (items) => {
          if (!stop.signal.aborted) setFound({ text: asked, items, hasFailed: false })
        },
        () => {
          if (!stop.signal.aborted) setFound({ text: asked, items: [], hasFailed: true })
        },
      )
    }, searchAfterMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [asked, isAsked, search])
  return {
    items: isAsked ? found.items : [],
    isSearching: isAsked && found.text !== asked,
    hasFailed: isAsked && found.text === asked && found.hasFailed,
  }
}

function matches(item: PaletteItem, text: string): boolean {
  const words = [item.label, item.group, item.detail ?? '', ...(item.keywords ?? [])]
    .join(' ')
    .toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.includes(part))
}

function groupsOf(items: readonly PaletteItem[]): [string, PaletteItem[]][] {
  const groups = new Map<string, PaletteItem[]>()
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item])
  return [...groups]
}
