'use client'

import { ListFilterIcon, XIcon } from 'lucide-react'
import { type RefObject, useRef, useState } from 'react'
import { useShortcut } from '@/components/kbd/use-shortcut'
import { lazyOverlay } from '@/components/lazy-overlay/lazy-overlay'
import { Button } from '@/components/ui/button'
import { describeFilter, type Filter, type FilterField, setFilter } from '@/lib/ui/filters'
import type { FilterValue } from './field-editor'
import type { Filters } from './use-filters'

const AddFilterPopover = lazyOverlay('dialog', () =>
  import('./filter-popovers').then((m) => m.AddFilterPopover),
)
const FilterPopover = lazyOverlay('dialog', () =>
  import('./filter-popovers').then((m) => m.FilterPopover),
)

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
  const [openId, setOpenId] = useState<string | null>(null)
  const home = useRef<HTMLButtonElement>(null)
  const chips = fields.flatMap((field) => {
    const filter = filters.find((filter) => filter.field === field.id)
    // While its popover is open a chip stays, even when its last value goes.
    if (!filter && field.id !== openId) return []
    return [{ field, filter: filter ?? { field: field.id, isNot: false, values: [] } }]
  })
  // What goes hands its focus on, before it is lost with it.
  const goHome = () => home.current?.focus()
  return (
    <>
      <AddFilter {...props} trigger={home} />
      {chips.map(({ field, filter }) => (
        <FilterChip
          key={field.id}
          field={field}
          filter={filter}
          loadValues={props.loadValues}
          resultCount={props.resultCount}
          isOpen={field.id === openId}
          onOpen={(isOpen) => {
            if (!isOpen && filter.values.length === 0) goHome()
            setOpenId((now) => (isOpen ? field.id : now === field.id ? null : now))
          }}
          onChange={(next, how) => change(setFilter(filters, next), how)}
          onRemove={() => {
            goHome()
            setOpenId(null)
            change(setFilter(filters, { ...filter, values: [] }))
          }}
        />
      ))}
      {filters.length > 0 && (
        <Button
          variant="ghost"
          className="text-muted-foreground"
          onClick={() => {
            goHome()
            clear()
          }}
        >
          Clear
        </Button>
      )}
    </>
  )
}

function AddFilter({
  trigger,
  ...props
}: FilterBarProps & { trigger: RefObject<HTMLButtonElement | null> }) {
  const [isOpen, setIsOpen] = useState(false)
  useShortcut('/', () => {
    trigger.current?.scrollIntoView({ block: 'nearest' })
    setIsOpen(true)
  })
  const count = props.filters.length
  const button = (
    <Button ref={trigger} variant="outline" aria-keyshortcuts="/">
      <ListFilterIcon /> Filter
      {count > 0 && <span className="sm:hidden">{count}</span>}
    </Button>
  )
  return <AddFilterPopover {...props} button={button} open={isOpen} onOpenChange={setIsOpen} />
}

export type FilterChipProps = Pick<FilterBarProps, 'loadValues' | 'resultCount'> & {
  field: FilterField
  filter: Filter
  onChange: (filter: Filter, how?: 'push' | 'replace') => void
}

function FilterChip({
  isOpen,
  onOpen,
  onRemove,
  ...props
}: FilterChipProps & {
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
  onRemove: () => void
}) {
  const { field, filter } = props
  const words = filter.values.length === 0 ? field.label : describeFilter(filter, field)
  const button = (
    <button
      type="button"
      title={words}
      className="focus-inset h-full min-w-0 max-w-80 truncate rounded-l-md pr-1 pl-2.5 hover:bg-accent/60"
    >
      {words}
    </button>
  )
  return (
    <span className="inline-flex h-control min-w-0 max-w-full items-center rounded-md border bg-card text-sm dark:bg-muted">
      <FilterPopover {...props} words={words} button={button} open={isOpen} onOpenChange={onOpen} />
      <button
        type="button"
        aria-label={`Remove ${words}`}
        className="focus-inset flex h-full w-7 shrink-0 items-center justify-center rounded-r-md text-muted-foreground hover:bg-accent/60 coarse:w-11"
        onClick={onRemove}
      >
        <XIcon className="size-3.5" />
      </button>
    </span>
  )
}
