'use client'

import { CheckIcon, MinusIcon } from 'lucide-react'
import type { ComponentProps, KeyboardEvent } from 'react'
import { cn } from '@/lib/ui/cn'

/**
 * A label may hold it. Enter is left to the form. Written here: Radix's own is heavier than all that
 * a table does with it.
 */
export function Checkbox({
  checked,
  onCheckedChange,
  className,
  ...props
}: Omit<ComponentProps<'button'>, 'onChange' | 'onClick'> & {
  checked: boolean | 'indeterminate'
  onCheckedChange: (isOn: boolean) => void
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: an input can hold no icon
    <button
      type="button"
      role="checkbox"
      aria-checked={checked === 'indeterminate' ? 'mixed' : checked}
      data-slot="checkbox"
      data-state={stateOf(checked)}
      onClick={() => onCheckedChange(checked !== true)}
      onKeyDown={ignoreEnter}
      className={cn(
        "peer relative size-4 shrink-0 rounded-sm border border-input bg-card transition-colors after:absolute after:-inset-2 after:content-[''] disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-destructive data-[state=checked]:border-primary data-[state=indeterminate]:border-primary data-[state=checked]:bg-primary data-[state=indeterminate]:bg-primary data-[state=checked]:text-primary-foreground data-[state=indeterminate]:text-primary-foreground coarse:size-5 coarse:after:-inset-3",
        className,
      )}
      {...props}
    >
      {checked !== false && (
        <span className="pointer-events-none flex items-center justify-center">
          {checked === true ? (
            <CheckIcon className="size-3.5 stroke-3" />
          ) : (
            <MinusIcon className="size-3.5 stroke-3" />
          )}
        </span>
      )}
    </button>
  )
}

function stateOf(checked: boolean | 'indeterminate'): string {
  if (checked === 'indeterminate') return checked
  return checked ? 'checked' : 'unchecked'
}

function ignoreEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter') event.preventDefault()
}
