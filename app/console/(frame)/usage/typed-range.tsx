'use client'

import { type FormEvent, useId, useState } from 'react'
import { useZone } from '@/components/shell/zone'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { parseRange, renderRange } from '@/lib/ui/range'

/** A range to compare with, typed. It opens where it stands. */
export function TypedRange({
  open,
  onOpenChange,
  onType,
  onClosed,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  onType: (text: string) => void
  /** What opened it takes the focus back. */
  onClosed: () => void
}) {
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>
        <span aria-hidden="true" tabIndex={-1} className="-mr-2 w-0 self-end" />
      </PopoverTrigger>
      <PopoverContent
        aria-label="Compare with"
        className="sm:w-80"
        onCloseAutoFocus={(event) => {
          event.preventDefault()
          onClosed()
        }}
      >
        <RangeForm onType={onType} />
      </PopoverContent>
    </Popover>
  )
}

function RangeForm({ onType }: { onType: (text: string) => void }) {
  const id = useId()
  const zone = useZone()
  const [text, setText] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const range = parseRange(text, { nowMs: Date.now(), zone })
    setIsWrong(range === null)
    if (range) onType(renderRange(range))
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-1.5">
      <Label htmlFor={id}>Compare with</Label>
      <Input
        id={id}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="2026-10-01..2026-10-14"
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        autoComplete="off"
      />
      {isWrong && (
        <p id={`${id}-wrong`} role="alert" className="text-destructive-text text-xs">
          Type days such as 2026-10-12..2026-10-14, or times such as 14:00-15:00; at most 400 days.
        </p>
      )}
      <Button type="submit" className="mt-1.5">
        Compare periods
      </Button>
    </form>
  )
}
