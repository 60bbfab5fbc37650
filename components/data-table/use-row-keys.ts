'use client'

import { type RefObject, useEffect } from 'react'
import { isSingleKey } from '@/components/kbd/use-shortcut'

/**
 * J and K walk the rows from wherever the focus is, Space selects, arrows up and down too when a
 * row has the focus; left and right go through what its first cell offers and its other cells. Enter is the link's own.
 */
export function useRowKeys(
  table: RefObject<HTMLElement | null>,
  onSpace?: (rowId: string) => void,
): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const home = table.current
      if (!home || !isSingleKey(event, true)) return
      const rows = [...home.querySelectorAll<HTMLElement>('[data-row]')]
      const row = document.activeElement?.closest<HTMLElement>('[data-row]') ?? null
      const isIn = row !== null && home.contains(row)
      const at = isIn ? rows.indexOf(row) : -1
      // A sheet beside the list walks it by itself.
      const isBeside = document.querySelector('[role="dialog"][data-beside]') !== null
      const step = {
        ...(!isBeside && { j: 1, k: -1 }),
        ...(isIn ? { arrowdown: 1, arrowup: -1 } : {}),
      }[event.key.toLowerCase()]
      if (step !== undefined) {
        const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))]
        if (!next) return
        event.preventDefault()
        focusRow(next)
      } else if (isIn && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
        focusCell(row, event.key === 'ArrowRight' ? 1 : -1)
      } else if (
        isIn &&
        event.key === ' ' &&
        !event.repeat &&
        onSpace &&
        isOnRow(document.activeElement)
      ) {
        event.preventDefault()
        onSpace(row.dataset.row ?? '')
      }
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [table, onSpace])
}

function focusRow(row: HTMLElement): void {
  const target = row.querySelector<HTMLElement>('[data-row-link]') ?? row
  target.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
}

function focusCell(row: HTMLElement, step: number): void {
  const stops = [
    row.querySelector<HTMLElement>('[data-row-link]') ?? row,
    ...row.querySelectorAll<HTMLElement>('[data-first-acts] button, [data-cell]'),
  ]
  const active = document.activeElement
  const at = stops.findLastIndex((stop) => stop === active || stop.contains(active))
  stops[Math.min(stops.length - 1, Math.max(0, at + step))]?.focus()
}

/** Space on a button or box is that control's own. */
function isOnRow(element: Element | null): boolean {
  return element?.matches('[data-row], [data-row-link], [data-cell]') ?? false
}
