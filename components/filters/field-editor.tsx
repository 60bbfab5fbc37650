'use client'

import { CheckIcon } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
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
  const first = useFirstFocus()
  const values = useValues(field.id, text, loadValues)
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
    onChange({ ...filter, values: next })
  }
  return (
    <Command label={field.label} shouldFilter={false}>
      <CommandInput
        ref={first}
        value={text}
        onValueChange={setText}
        placeholder={field.label}
        className="text-sm"
      >
        <ToggleGroup
          value={filter.isNot ? 'not' : 'is'}
          onValueChange={(value) => value && onChange({ ...filter, isNot: value === 'not' })}
          aria-label="Is or is not"
        >
          <ToggleGroupItem value="is" className="h-6 px-1.5 text-xs">
            is
          </ToggleGroupItem>
          <ToggleGroupItem value="not" className="h-6 px-1.5 text-xs">
            is not
          </ToggleGroupItem>
        </ToggleGroup>
      </CommandInput>
      <CommandList className="sm:max-h-72">
        {values === null && shown.length === 0 && (
          <p className="px-2 py-1.5 text-muted-foreground text-sm">Loading</p>
        )}
        {values !== null && <CommandEmpty>No value is called “{text}”.</CommandEmpty>}
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
                onChange({ field: field.id, isNot: false, values: [item.value] })
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
    </Command>
  )
}

function TypedEditor({ field, filter, onChange }: EditorProps) {
  const id = useId()
  const [text, setText] = useState(filter.values[0] ?? '')
  const first = useFirstFocus()
  const latest = useRef({ filter, onChange })
  latest.current = { filter, onChange }
  const isNumber = field.kind === 'least'
  const isWrong = isNumber && text.trim() !== '' && !/^\d+(\.\d+)?$/.test(text.trim())

  useEffect(() => {
    if (isWrong) return
    const { filter, onChange } = latest.current
    const value = text.trim()
    if (value === (filter.values[0] ?? '')) return
    const timer = setTimeout(() => {
      onChange({ ...filter, values: value === '' ? [] : [value] }, 'replace')
    }, typedAfterMs)
    return () => clearTimeout(timer)
  }, [text, isWrong])

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
function useValues(
  field: string,
  text: string,
  load: EditorProps['loadValues'],
): readonly FilterValue[] | null {
  const [values, setValues] = useState<readonly FilterValue[] | null>(null)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    let isWanted = true
    const timer = setTimeout(
      () => {
        latest.current(field, text).then(
          (values) => {
            if (isWanted) setValues(values)
          },
          () => {
            if (isWanted) setValues([])
          },
        )
      },
      text === '' ? 0 : typedAfterMs,
    )
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [field, text])
  return values
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
