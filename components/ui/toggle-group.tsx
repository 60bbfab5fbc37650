'use client'

import { type ComponentProps, createContext, useContext } from 'react'
import { cn } from '@/lib/ui/cn'
import { walkByArrows } from './walk-by-arrows'

type Choice = { value: string; choose: (value: string) => void }

const Choice = createContext<Choice>({ value: '', choose: () => {} })

/**
 * One of a few, shown at once: Tab reaches the chosen one, arrows walk. Written here: Radix's own
 * weighs more than a whole table here.
 */
export function ToggleGroup({
  value,
  onValueChange,
  className,
  ...props
}: Omit<ComponentProps<'div'>, 'onChange' | 'defaultValue'> & {
  value: string
  onValueChange: (value: string) => void
}) {
  return (
    <Choice value={{ value, choose: onValueChange }}>
      <div
        role="radiogroup"
        data-slot="toggle-group"
        onKeyDown={(event) => void walkByArrows(event, '[role=radio]:enabled')}
        className={cn(
          'inline-flex w-fit max-w-full items-center gap-0.5 rounded-md bg-accent p-0.5',
          className,
        )}
        {...props}
      />
    </Choice>
  )
}

export function ToggleGroupItem({
  value,
  className,
  ...props
}: ComponentProps<'button'> & { value: string }) {
  const choice = useContext(Choice)
  const isOn = choice.value === value
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button can hold an icon and be styled whole
    <button
      type="button"
      role="radio"
      aria-checked={isOn}
      tabIndex={isOn ? 0 : -1}
      data-slot="toggle-group-item"
      data-state={isOn ? 'on' : 'off'}
      onClick={() => choice.choose(value)}
      className={cn(
        "inline-flex h-[calc(var(--control-height)-4px)] items-center justify-center gap-1.5 whitespace-nowrap rounded-sm px-2.5 font-medium text-muted-foreground text-sm transition-colors not-disabled:hover:text-foreground disabled:cursor-not-allowed disabled:opacity-50 data-[state=on]:bg-card data-[state=on]:text-foreground data-[state=on]:shadow-xs dark:data-[state=on]:bg-background [&_svg:not([class*='size-'])]:size-4",
        className,
      )}
      {...props}
    />
  )
}
