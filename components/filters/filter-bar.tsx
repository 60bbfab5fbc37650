'use client'

import { ChevronLeftIcon, ListFilterIcon, XIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { useShortcut } from '@/components/kbd/use-shortcut'
import { Button } from '@/components/ui/button'
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/components/ui/command'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { describeFilter, type Filter, type FilterField, setFilter } from '@/lib/ui/filters'
import { FieldEditor, type FilterValue } from './field-editor'
import type { Filters } from './use-filters'

export type FilterBarProps = Filters & {
  fields: readonly FilterField[]
  /**
   * The values of a field with their counts, own field left out; count null where it is not known
   * exactly. Asked when a field is opened.
   */
  loadValues: (field: string, text: string) => Promise<readonly FilterValue[]>
  /** On a phone the sheet's button says what it shows: `214`. */
  resultCount?: string
}

/** `Filter`, then a chip for each filter that is set, and `Clear`. `/` opens it. */
export function FilterBar(props: FilterBarProps) {
  const { fields, filters, change, clear } = props
  return (
    <>
      <AddFilter {...props} />
      {filters.map((filter) => {
        const field = fields.find(({ id }) => id === filter.field)
        return field ? (
          <FilterChip
            key={filter.field}
            field={field}
            filter={filter}
            loadValues={props.loadValues}
            resultCount={props.resultCount}
            onChange={(next, how) => change(setFilter(filters, next), how)}
          />
        ) : null
      })}
      {filters.length > 0 && (
        <Button variant="ghost" className="text-muted-foreground" onClick={clear}>
          Clear
        </Button>
      )}
    </>
  )
}

function AddFilter({ fields, filters, change, loadValues, resultCount }: FilterBarProps) {
  const [isOpen, setIsOpen] = useState(false)
  const [field, setField] = useState<FilterField | null>(null)
  const trigger = useRef<HTMLButtonElement>(null)
  useShortcut('/', () => {
    trigger.current?.scrollIntoView({ block: 'nearest' })
    setIsOpen(true)
  })
  const current = filters.find((filter) => filter.field === field?.id)
  return (
    <Popover
      open={isOpen}
      onOpenChange={(isOpen) => {
        setIsOpen(isOpen)
        if (!isOpen) setField(null)
      }}
    >
      <PopoverTrigger asChild>
        <Button ref={trigger} variant="outline" aria-keyshortcuts="/">
          <ListFilterIcon /> Filter
          {filters.length > 0 && <span className="sm:hidden">{filters.length}</span>}
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Filter" className="p-0 max-sm:p-0 max-sm:pt-12">
        {field ? (
          <>
            <Button
              variant="ghost"
              className="m-1 mb-0 justify-start text-muted-foreground"
              onClick={() => setField(null)}
            >
              <ChevronLeftIcon /> {field.label}
            </Button>
            <FieldEditor
              key={field.id}
              field={field}
              filter={current ?? { field: field.id, isNot: false, values: [] }}
              loadValues={loadValues}
              onChange={(next, how) => change(setFilter(filters, next), how)}
            />
          </>
        ) : (
          <Command label="Filter by">
            <CommandInput placeholder="Filter by" />
            <CommandList>
              <CommandEmpty>No such field.</CommandEmpty>
              {fields.map((field) => (
                <CommandItem key={field.id} value={field.label} onSelect={() => setField(field)}>
                  {field.label}
                </CommandItem>
              ))}
            </CommandList>
          </Command>
        )}
        {resultCount !== undefined && (
          <div className="mt-auto border-t p-3 sm:hidden">
            <Button className="w-full" onClick={() => setIsOpen(false)}>
              Show {resultCount}
            </Button>
          </div>
        )}
      </PopoverContent>
    </Popover>
  )
}

function FilterChip({
  field,
  filter,
  loadValues,
  resultCount,
  onChange,
}: {
  field: FilterField
  filter: Filter
  loadValues: FilterBarProps['loadValues']
  resultCount?: string
  onChange: (filter: Filter, how?: 'push' | 'replace') => void
}) {
  const [isOpen, setIsOpen] = useState(false)
  // While its popover is open a chip stays, even when its last value goes.
  const shown = useRef(filter)
  shown.current = filter
  const words = describeFilter(filter, field)
  return (
    <span className="inline-flex h-control min-w-0 max-w-full items-center rounded-md border bg-card text-sm dark:bg-muted">
      <Popover open={isOpen} onOpenChange={setIsOpen}>
        <PopoverTrigger asChild>
          <button
            type="button"
            title={words}
            className="focus-inset h-full min-w-0 max-w-80 truncate rounded-l-md pr-1 pl-2.5 hover:bg-accent/60"
          >
            {words}
          </button>
        </PopoverTrigger>
        <PopoverContent aria-label={words} className="p-0 max-sm:p-0 max-sm:pt-12">
          <FieldEditor field={field} filter={filter} loadValues={loadValues} onChange={onChange} />
          {resultCount !== undefined && (
            <div className="mt-auto border-t p-3 sm:hidden">
              <Button className="w-full" onClick={() => setIsOpen(false)}>
                Show {resultCount}
              </Button>
            </div>
          )}
        </PopoverContent>
      </Popover>
      <button
        type="button"
        aria-label={`Remove ${words}`}
        className="focus-inset flex h-full w-7 shrink-0 items-center justify-center rounded-r-md text-muted-foreground hover:bg-accent/60 coarse:w-11"
        onClick={() => onChange({ ...shown.current, values: [] })}
      >
        <XIcon className="size-3.5" />
      </button>
    </span>
  )
}
