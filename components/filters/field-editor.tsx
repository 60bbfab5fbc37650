'use client'

import { CheckIcon } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { Kbd } from '@/components/kbd/kbd'
import { Button } from '@/components/ui/button'
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
  keepEnter,
} from '@/components/ui/command'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group'
import { cn } from '@/lib/ui/cn'
import type { Filter, FilterField } from '@/lib/ui/filters'
import { formatCount } from '@/lib/ui/format'

export type FilterValue = { value: string; label?: string; count?: number | null }

const typedAfterMs = 300

type EditorProps = {
  field: FilterField
  filter: Filter
  loadValues: (field: string, text: string) => Promise<readonly FilterValue[]>
  onChange: (filter: Filter, how?: 'push' | 'replace') => void
  /** Enter in a typed field: it is said. */
  onDone: () => void
}

/** What a field is set to: values with counts, a text, or a least number. */
export function FieldEditor(props: EditorProps) {
  return (props.field.kind ?? 'choice') === 'choice' ? (
    <ChoiceEditor {...props} />
  ) : (
    <TypedEditor {...props} />
  )
}

function ChoiceEditor({ field, filter, loadValues, onChange }: EditorProps) {
  const [text, setText] = useState('')
  const [highlighted, setHighlighted] = useState('')
  // The URL holds no field without a value: until the first is picked, this does.
  const [isNotWanted, setIsNotWanted] = useState(filter.isNot)
  const isNot = filter.values.length > 0 ? filter.isNot : isNotWanted
  const first = useFirstFocus()
  const { values, hasFailed, retry } = useValues(field.id, text, loadValues)
  const chosen = filter.values.map((value) => ({ value, count: null }))
  const shown = [
    ...chosen.filter(({ value }) => values?.every((other) => other.value !== value) ?? true),
    ...(values ?? []),
  ]
  const toggle = (value: string) => {
    const isChosen = filter.values.includes(value)
    const next = isChosen
      ? filter.values.filter((other) => other !== value)
      : [...filter.values, value]
    onChange({ field: field.id, isNot, values: next })
  }
  const turn = (isNot: boolean) => {
    setIsNotWanted(isNot)
    if (filter.values.length > 0) onChange({ ...filter, isNot })
  }
  const takeOnly = (value: string) => {
    setIsNotWanted(false)
    onChange({ field: field.id, isNot: false, values: [value] })
  }
  return (
    <Command
      label={field.label}
      shouldFilter={false}
      value={highlighted}
      onValueChange={setHighlighted}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !event.shiftKey || highlighted === '') return
        event.preventDefault()
        takeOnly(highlighted)
      }}
    >
      <CommandInput
        ref={first}
        value={text}
        onValueChange={setText}
        placeholder={field.label}
        className="text-sm"
      >
        <ToggleGroup
          value={isNot ? 'not' : 'is'}
          onValueChange={(value) => turn(value === 'not')}
          aria-label="Is or is not"
        >
          <ToggleGroupItem value="is" className="h-6 px-1.5 text-xs coarse:h-11 coarse:px-3">
            is
          </ToggleGroupItem>
          <ToggleGroupItem value="not" className="h-6 px-1.5 text-xs coarse:h-11 coarse:px-3">
            is not
          </ToggleGroupItem>
        </ToggleGroup>
      </CommandInput>
      {hasFailed && (
        <div role="alert" className="flex items-center gap-2 border-b px-3 py-1.5 text-sm">
          <span className="min-w-0 flex-1 text-destructive-text">The values did not come.</span>
          <Button variant="outline" size="sm" onClick={retry} onKeyDown={keepEnter}>
            Retry
          </Button>
        </div>
      )}
      <CommandList className="sm:max-h-72">
        {values === null && !hasFailed && shown.length === 0 && (
          <p className="px-2 py-1.5 text-muted-foreground text-sm">Loading</p>
        )}
        {values !== null && !hasFailed && <CommandEmpty>No value is called “{text}”.</CommandEmpty>}
        {shown.map((item) => (
          <CommandItem
            key={item.value}
            value={item.value}
            onSelect={() => toggle(item.value)}
            className="group/value"
          >
            <CheckMark isChecked={filter.values.includes(item.value)} />
            <span className="min-w-0 truncate">{labelOf(item, field)}</span>
            <span
              aria-hidden="true"
              className={cn(
                'ml-auto shrink-0 rounded-sm px-1 text-primary-text text-xs opacity-0 hover:underline',
                'group-data-[selected=true]/value:opacity-100 coarse:opacity-100',
              )}
              onClick={(event) => {
                event.stopPropagation()
                takeOnly(item.value)
              }}
            >
              only
            </span>
            {item.count !== null && item.count !== undefined && (
              <span className="shrink-0 text-muted-foreground text-xs">
                {formatCount(item.count)}
              </span>
            )}
          </CommandItem>
        ))}
      </CommandList>
      <p className="shrink-0 border-t px-3 py-1.5 text-faint text-xs coarse:hidden max-sm:hidden">
        <Kbd>Shift</Kbd> <Kbd>Enter</Kbd> only this one
      </p>
    </Command>
  )
}

function TypedEditor({ field, filter, onChange, onDone }: EditorProps) {
  const id = useId()
  const [text, setText] = useState(filter.values[0] ?? '')
  const first = useFirstFocus()
  const isNumber = field.kind === 'least'
  const isWrong = isNumber && text.trim() !== '' && !/^\d+(\.\d+)?$/.test(text.trim())
  const said = useRef(filter.values[0] ?? '')
  const say = () => {
    const value = text.trim()
    if (isWrong || value === said.current) return
    said.current = value
    onChange({ ...filter, values: value === '' ? [] : [value] }, 'replace')
  }
  const latest = useRef(say)
  latest.current = say

  // biome-ignore lint/correctness/useExhaustiveDependencies: each letter begins the wait anew
  useEffect(() => {
    const timer = setTimeout(() => latest.current(), typedAfterMs)
    return () => clearTimeout(timer)
  }, [text])
  // Whoever closes sooner than that meant what they typed.
  useEffect(() => () => latest.current(), [])

  return (
    <div className="flex flex-col gap-1.5 p-3">
      <Label htmlFor={id}>
        {field.label} {isNumber ? 'at least' : 'contains'}
      </Label>
      <Input
        ref={first}
        id={id}
        value={text}
        inputMode={isNumber ? 'decimal' : 'text'}
        aria-invalid={isWrong || undefined}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !isWrong && !event.nativeEvent.isComposing) onDone()
        }}
      />
      {isWrong && (
        <p role="alert" className="text-destructive-text text-xs">
          Type a number.
        </p>
      )}
    </div>
  )
}

/** The field's input takes the focus that the list of fields had. */
function useFirstFocus() {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return input
}

/** Null while the first answer is out; after that the last values stay until new ones are there. */
function useValues(field: string, text: string, load: EditorProps['loadValues']) {
  const [values, setValues] = useState<readonly FilterValue[] | null>(null)
  const [hasFailed, setHasFailed] = useState(false)
  const [tries, setTries] = useState(0)
  const latest = useRef(load)
  latest.current = load
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new try asks again
  useEffect(() => {
    let isWanted = true
    const timer = setTimeout(
      () => {
        latest.current(field, text).then(
          (values) => {
            if (!isWanted) return
            setValues(values)
            setHasFailed(false)
          },
          () => {
            if (isWanted) setHasFailed(true)
          },
        )
      },
      text === '' ? 0 : typedAfterMs,
    )
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [field, text, tries])
  return { values, hasFailed, retry: () => setTries(tries + 1) }
}

/** The option says by itself whether it is chosen; a box inside it would be a second control. */
function CheckMark({ isChecked }: { isChecked: boolean }) {
  return (
    <>
      <span
        aria-hidden="true"
        className={cn(
          'flex size-4 shrink-0 items-center justify-center rounded-sm border',
          isChecked ? 'border-primary bg-primary text-primary-foreground' : 'border-input bg-card',
        )}
      >
        {isChecked && <CheckIcon className="size-3.5 stroke-3" />}
      </span>
      {isChecked && <span className="sr-only">Chosen:</span>}
    </>
  )
}

function labelOf(item: FilterValue, field: FilterField): string {
  return item.label ?? field.words?.[item.value] ?? item.value
}
