'use client'

import { CheckIcon, ChevronDownIcon, ChevronLeftIcon, ChevronRightIcon } from 'lucide-react'
import dynamic from 'next/dynamic'
import { parseAsString, useQueryState } from 'nuqs'
import { type FormEvent, useId, useRef, useState } from 'react'
import { useShortcut } from '@/components/kbd/use-shortcut'
import { useZone } from '@/components/shell/zone'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/ui/cn'
import {
  describeRange,
  parseRange,
  presetRanges,
  type Range,
  readRange,
  renderRange,
  shiftRange,
} from '@/lib/ui/range'
import { zoneCity } from '@/lib/ui/zone'

const RangeCalendar = dynamic(
  () => import('./range-calendar').then(({ RangeCalendar }) => RangeCalendar),
  { ssr: false, loading: () => <Skeleton className="h-72 w-full" /> },
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
  const isAtNow = range.kind === 'relative'
  useShortcut('t', () => {
    trigger.current?.scrollIntoView({ block: 'nearest' })
    setIsOpen(true)
  })
  useShortcut('[', () => shift('back'))
  useShortcut(']', () => shift('on'), !isAtNow)

  const choose = (next: Range) => {
    setRange(next)
    setIsOpen(false)
  }

  return (
    <div className="flex min-w-0 items-center">
      <Popover open={isOpen} onOpenChange={setIsOpen}>
        <PopoverTrigger asChild>
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
        </PopoverTrigger>
        <PopoverContent align="end" aria-label="Range" className="sm:w-80">
          <RangeChoice range={range} zone={zone} onChoose={choose} />
        </PopoverContent>
      </Popover>
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

function RangeChoice({
  range,
  zone,
  onChoose,
}: {
  range: Range
  zone: string
  onChoose: (range: Range) => void
}) {
  const id = useId()
  const [text, setText] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const [isCalendarOpen, setIsCalendarOpen] = useState(false)
  const current = renderRange(range)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const typed = parseRange(text, { nowMs: Date.now(), zone })
    setIsWrong(typed === null)
    if (typed) onChoose(typed)
  }

  return (
    <div className="flex flex-col gap-3">
      <form onSubmit={submit} className="flex flex-col gap-1.5">
        <Label htmlFor={id}>Range, in {zoneCity(zone)}</Label>
        <Input
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="2d, 14:00-15:00, 2026-10-12"
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          autoComplete="off"
        />
        {isWrong && (
          <p id={`${id}-wrong`} role="alert" className="text-destructive-text text-xs">
            Type a length such as 2d, times such as 14:00-15:00, or days such as
            2026-10-12..2026-10-14; at most 400 days.
          </p>
        )}
      </form>
      <ul className="-mx-1 flex flex-col">
        {presetRanges.map((preset) => (
          <li key={preset.text}>
            <button
              type="button"
              aria-pressed={preset.text === current}
              className="focus-inset flex h-control w-full items-center justify-between rounded-sm px-2 text-left text-sm hover:bg-accent"
              onClick={() => onChoose(readRange(preset.text, { nowMs: Date.now(), zone }))}
            >
              {preset.label}
              <CheckIcon className={cn('size-4', preset.text !== current && 'invisible')} />
            </button>
          </li>
        ))}
      </ul>
      {isCalendarOpen ? (
        <RangeCalendar range={range} zone={zone} onChoose={onChoose} />
      ) : (
        <Button variant="outline" onClick={() => setIsCalendarOpen(true)}>
          Choose days
        </Button>
      )}
    </div>
  )
}
