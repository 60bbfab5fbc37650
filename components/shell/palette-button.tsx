'use client'

import { SearchIcon } from 'lucide-react'
import { Kbd } from '@/components/kbd/kbd'

/** The button of the top bar. */
export function PaletteButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label="Go to anything"
      aria-keyshortcuts="Control+K Meta+K"
      className="flex h-control items-center gap-2 rounded-md border border-border bg-card px-2.5 text-muted-foreground text-sm transition-colors hover:bg-accent/60 max-lg:w-control max-lg:justify-center max-lg:border-transparent max-lg:bg-transparent max-lg:px-0 lg:w-56"
    >
      <SearchIcon className="size-4 shrink-0" />
      <span className="max-lg:hidden">Go to</span>
      <Kbd className="ml-auto max-lg:hidden">Ctrl K</Kbd>
    </button>
  )
}
