import type { KeyboardEvent } from 'react'

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/**
 * Moves the focus among those that `selector` finds in the element: arrows go round, Home and End to
 * the ends. Gives the one that is focused now, or null where the key was none of these. Keys by
 * WAI-ARIA's patterns for tabs and radio groups.
 */
export function walkByArrows(
  event: KeyboardEvent<HTMLElement>,
  selector: string,
): HTMLElement | null {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)]
  const at = items.findIndex((item) => item.matches(':focus'))
  const next = at < 0 ? undefined : items[placeOf(event.key, at, items.length) ?? -1]
  if (!next) return null
  event.preventDefault()
  next.focus()
  return next
}

function placeOf(key: string, at: number, count: number): number | null {
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const step = steps[key]
  return step === undefined ? null : (at + step + count) % count
}
