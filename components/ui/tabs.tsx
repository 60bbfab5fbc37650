'use client'

import { type ComponentProps, createContext, useContext, useId, useState } from 'react'
import { cn } from '@/lib/ui/cn'
import { walkByArrows } from './walk-by-arrows'

type Orientation = 'horizontal' | 'vertical'
type Choice = {
  id: string
  value: string
  choose: (value: string) => void
  orientation: Orientation
}

const Choice = createContext<Choice>({
  id: '',
  value: '',
  choose: () => {},
  orientation: 'horizontal',
})

/**
 * Texts in one place, of which one is shown: Tab reaches the chosen tab, arrows, Home and End choose
 * another. Written here: Radix's own weighs more than a whole table here.
 */
export function Tabs({
  value,
  defaultValue = '',
  onValueChange,
  orientation = 'horizontal',
  className,
  ...props
}: Omit<ComponentProps<'div'>, 'defaultValue'> & {
  value?: string
  /** Where nobody needs to know which is chosen. */
  defaultValue?: string
  onValueChange?: (value: string) => void
  orientation?: Orientation
}) {
  const id = useId()
  const [own, setOwn] = useState(defaultValue)
  const choose = (next: string) => {
    setOwn(next)
    onValueChange?.(next)
  }
  return (
    <Choice value={{ id, value: value ?? own, choose, orientation }}>
      <div
        data-slot="tabs"
        data-orientation={orientation}
        className={cn('flex min-w-0 flex-col gap-4', className)}
        {...props}
      />
    </Choice>
  )
}

export function TabsList({ className, ...props }: ComponentProps<'div'>) {
  const { orientation } = useContext(Choice)
  return (
    <div
      role="tablist"
      aria-orientation={orientation}
      data-slot="tabs-list"
      onKeyDown={(event) => walkByArrows(event, '[role=tab]:enabled')?.click()}
      className={cn(
        'scrollbar-quiet -mb-px flex max-w-full items-center gap-4 overflow-x-auto overflow-y-hidden border-b',
        className,
      )}
      {...props}
    />
  )
}

export function TabsTrigger({
  value,
  className,
  ...props
}: ComponentProps<'button'> & { value: string }) {
  const choice = useContext(Choice)
  const isOn = choice.value === value
  return (
    <button
      type="button"
      role="tab"
      id={`${choice.id}-tab-${value}`}
      aria-selected={isOn}
      aria-controls={isOn ? `${choice.id}-text-${value}` : undefined}
      tabIndex={isOn ? 0 : -1}
      data-slot="tabs-trigger"
      data-state={isOn ? 'active' : 'inactive'}
      onClick={() => choice.choose(value)}
      className={cn(
        "focus-inset relative flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-sm font-medium text-muted-foreground text-sm transition-colors after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:content-[''] not-disabled:hover:text-foreground disabled:cursor-not-allowed disabled:opacity-50 data-[state=active]:text-foreground data-[state=active]:after:bg-primary coarse:h-11 [&_svg]:size-4",
        className,
      )}
      {...props}
    />
  )
}

export function TabsContent({
  value,
  className,
  ...props
}: ComponentProps<'div'> & { value: string }) {
  const choice = useContext(Choice)
  if (choice.value !== value) return null
  return (
    <div
      role="tabpanel"
      id={`${choice.id}-text-${value}`}
      aria-labelledby={`${choice.id}-tab-${value}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what a tab shows is next after it
      tabIndex={0}
      data-slot="tabs-content"
      className={cn('min-w-0 flex-1', className)}
      {...props}
    />
  )
}
