'use client'

import { ChevronLeftIcon } from 'lucide-react'
import { useState } from 'react'
import type { OverlayProps } from '@/components/lazy-overlay/lazy-overlay'
import { Button } from '@/components/ui/button'
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/components/ui/command'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { type FilterField, setFilter } from '@/lib/ui/filters'
import { FieldEditor } from './field-editor'
import type { FilterBarProps, FilterChipProps } from './filter-bar'

/** What `Filter` opens: the fields, then the values of one. */
export function AddFilterPopover({
  fields,
  filters,
  change,
  loadValues,
  resultCount,
  button,
  open,
  onOpenChange,
}: FilterBarProps & OverlayProps) {
  const [field, setField] = useState<FilterField | null>(null)
  const current = filters.find((filter) => filter.field === field?.id)
  const turn = (isOpen: boolean) => {
    onOpenChange(isOpen)
    if (!isOpen) setField(null)
  }
  return (
    <Popover open={open} onOpenChange={turn}>
      <PopoverTrigger asChild>{button}</PopoverTrigger>
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
              onDone={() => turn(false)}
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
        <ShowResults count={resultCount} onShow={() => turn(false)} />
      </PopoverContent>
    </Popover>
  )
}

/** What a chip opens: its values. */
export function FilterPopover({
  field,
  filter,
  loadValues,
  resultCount,
  onChange,
  words,
  button,
  open,
  onOpenChange,
}: FilterChipProps & OverlayProps & { words: string }) {
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>{button}</PopoverTrigger>
      <PopoverContent aria-label={words} className="p-0 max-sm:p-0 max-sm:pt-12">
        <FieldEditor
          field={field}
          filter={filter}
          loadValues={loadValues}
          onChange={onChange}
          onDone={() => onOpenChange(false)}
        />
        <ShowResults count={resultCount} onShow={() => onOpenChange(false)} />
      </PopoverContent>
    </Popover>
  )
}

/** On a phone, where the popover hides the list. */
function ShowResults({ count, onShow }: { count: string | undefined; onShow: () => void }) {
  if (count === undefined) return null
  return (
    <div className="mt-auto border-t p-3 sm:hidden">
      <Button className="w-full" onClick={onShow}>
        Show {count}
      </Button>
    </div>
  )
}
