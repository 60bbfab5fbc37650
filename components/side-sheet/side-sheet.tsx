'use client'

import { ChevronDownIcon, ChevronUpIcon, XIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef } from 'react'
import { useShortcut } from '@/components/kbd/use-shortcut'
import { Button } from '@/components/ui/button'
import { useMedia } from '@/components/ui/use-media'

/**
 * The detail of a row, at its own URL: docked right with the list usable beside it, over it under
 * 1280 px, the whole screen on a phone. J and K walk, Esc closes and gives the focus back.
 */
export function SideSheet({
  label,
  head,
  closeHref,
  nextHref,
  previousHref,
  returnTo,
  foot,
  children,
}: {
  /** `Request req_01JQ…9F3K` */
  label: string
  /** Status and id. */
  head: ReactNode
  /** The list, as it was. */
  closeHref: string
  nextHref?: string | null
  previousHref?: string | null
  /** The row whose link gets the focus when it closes. */
  returnTo?: string
  foot?: ReactNode
  children: ReactNode
}) {
  const router = useRouter()
  const home = useRef<HTMLDivElement>(null)
  const asked = useRef<string | null>(null)
  const go = (href: string | null | undefined, isHeld = false) => {
    // A held key waits for the row that it asked for.
    if (!href || (isHeld && asked.current === href)) return
    asked.current = href
    router.replace(href, { scroll: false })
  }
  const leaving = useRef<string | null>(null)
  const close = () => {
    leaving.current = returnTo ?? null
    router.push(closeHref, { scroll: false })
  }
  useShortcut('j', ({ repeat }) => go(nextHref, repeat), { repeats: true })
  useShortcut('k', ({ repeat }) => go(previousHref, repeat), { repeats: true })
  useShortcut('Escape', close)
  useEffect(() => {
    home.current?.focus({ preventScroll: true })
    // Not sooner: under the sheet the list takes no focus.
    return () => focusRow(leaving.current)
  }, [])

  return (
    <div
      ref={home}
      role="dialog"
      aria-label={label}
      data-beside=""
      data-state="open"
      tabIndex={-1}
      className="slide-in-from-right-8 fade-in-0 fixed inset-y-0 right-0 z-40 flex w-full animate-in flex-col border-l bg-popover shadow-float outline-none duration-[180ms] sm:w-[480px] min-[1280px]:top-13 min-[1280px]:z-20 min-[1280px]:shadow-none min-[1600px]:w-[560px]"
    >
      <div className="flex min-h-13 items-center gap-1 border-b py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1">{head}</div>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Row before"
          aria-keyshortcuts="k"
          disabled={!previousHref}
          title={previousHref ? undefined : 'This is the first row'}
          onClick={() => go(previousHref)}
        >
          <ChevronUpIcon />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Next row"
          aria-keyshortcuts="j"
          disabled={!nextHref}
          title={nextHref ? undefined : 'This is the last row'}
          onClick={() => go(nextHref)}
        >
          <ChevronDownIcon />
        </Button>
        <Button variant="ghost" size="icon" aria-label="Close" onClick={close}>
          <XIcon />
        </Button>
      </div>
      <div className="scrollbar-quiet flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto p-4">
        {children}
      </div>
      {foot && <div className="flex flex-wrap gap-2 border-t px-4 py-3">{foot}</div>}
    </div>
  )
}

function focusRow(id: string | null): void {
  if (id === null) return
  const row = document.querySelector(`[data-row="${CSS.escape(id)}"]`)
  row?.querySelector<HTMLElement>('[data-row-link]')?.focus({ preventScroll: true })
}

/** Makes room beside the list for an open sheet; put it around the list, and the sheet outside. */
export function SheetBeside({ isOpen, children }: { isOpen: boolean; children: ReactNode }) {
  // The classes' own bound: Chromium rounds 1279.99 up.
  const isNarrow = useMedia('not all and (min-width: 1280px)')
  return (
    <div
      inert={isOpen && isNarrow === true}
      className={
        isOpen
          ? 'min-w-0 min-[1280px]:pr-[calc(480px-0.75rem)] min-[1600px]:pr-[calc(560px-0.75rem)]'
          : 'min-w-0'
      }
    >
      {children}
    </div>
  )
}
