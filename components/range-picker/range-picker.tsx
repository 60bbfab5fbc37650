'use client'

import { ChevronDownIcon, ChevronLeftIcon, ChevronRightIcon } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { useRef, useState } from 'react'
import { useShortcut } from '@/components/kbd/use-shortcut'
import { lazyOverlay } from '@/components/lazy-overlay/lazy-overlay'
import { useZone } from '@/components/shell/zone'
import { Button } from '@/components/ui/button'
import {
  describeRange,
  endsNow,
  type Range,
  readRange,
  renderRange,
  shiftRange,
} from '@/lib/ui/range'
import { zoneCity } from '@/lib/ui/zone'

const RangePopover = lazyOverlay('dialog', () =>
  import('./range-popover').then((m) => m.RangePopover),
)

/** The range in the URL (`range=24h`), and a function that changes it: the server renders anew. */
export function useRange(fallback?: Range): [Range, (range: Range) => void] {
  const zone = useZone()
  const [text, setText] = useQueryState(
    'range',
    parseAsString.withOptions({ shallow: false, history: 'push', clearOnDefault: false }),
  )
  const range = readRange(text, { nowMs: Date.now(), zone }, fallback)
  return [range, (next) => void setText(renderRange(next))]
}

/**
 * Names, typed text, a calendar; ‹ and › shift by one length. T opens it, [ and ] shift. `fallback`
 * is the range of a page whose URL names none.
 */
export function RangePicker({ fallback }: { fallback?: Range }) {
  const zone = useZone()
  const [range, setRange] = useRange(fallback)
  const [isOpen, setIsOpen] = useState(false)
  const trigger = useRef<HTMLButtonElement>(null)
  const shift = (direction: 'back' | 'on') => setRange(shiftRange(range, direction, Date.now()))
  const isAtNow = endsNow(range, Date.now())
  useShortcut('t', () => {
    trigger.current?.scrollIntoView({ block: 'nearest' })
    setIsOpen(true)
  })
  useShortcut('[', () => shift('back'))
  useShortcut(']', () => shift('on'), { isOn: !isAtNow })

  const choose = (next: Range) => {
    setRange(next)
    setIsOpen(false)
  }

  const button = (
    <Button
      ref={trigger}
      variant="outline"
      className="min-w-0 rounded-r-none"
      title={`Times of ${zone}`}
    >
      <span className="truncate">{describeRange(range, zone)}</span>
      <span className="text-muted-foreground max-sm:hidden">· {zoneCity(zone)}</span>
      <ChevronDownIcon className="text-muted-foreground" />
    </Button>
  )
  return (
    <div className="flex min-w-0 items-center">
      <RangePopover
        range={range}
        zone={zone}
        onChoose={choose}
        button={button}
        open={isOpen}
        onOpenChange={setIsOpen}
      />

      <Button
        variant="outline"
        size="icon"
        className="-ml-px rounded-none"
        aria-label="Shift back"
        onClick={() => shift('back')}
      >
        <ChevronLeftIcon />
      </Button>
      <Button
        variant="outline"
        size="icon"
        className="-ml-px rounded-l-none"
        aria-label="Shift on"
        disabled={isAtNow}
        title={isAtNow ? 'This range ends now' : undefined}
        onClick={() => shift('on')}
      >
        <ChevronRightIcon />
      </Button>
    </div>
  )
}
