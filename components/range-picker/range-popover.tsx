'use client'

import { CheckIcon } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type FormEvent, useId, useState } from 'react'
import type { OverlayProps } from '@/components/lazy-overlay/lazy-overlay'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/ui/cn'
import { parseRange, presetRanges, type Range, readRange, renderRange } from '@/lib/ui/range'
import { zoneCity } from '@/lib/ui/zone'

const RangeCalendar = dynamic(
  () => import('./range-calendar').then(({ RangeCalendar }) => RangeCalendar),
  { ssr: false, loading: () => <Skeleton className="h-72 w-full" /> },
)

type RangeChoiceProps = { range: Range; zone: string; onChoose: (range: Range) => void }

/** What the range's button opens: a field, the usual lengths, a calendar. */
export function RangePopover({
  button,
  open,
  onOpenChange,
  ...choice
}: RangeChoiceProps & OverlayProps) {
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>{button}</PopoverTrigger>
      <PopoverContent align="end" aria-label="Range" className="sm:w-80">
        <RangeChoice {...choice} />
      </PopoverContent>
    </Popover>
  )
}

function RangeChoice({ range, zone, onChoose }: RangeChoiceProps) {
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
