'use client'

import { useEffect, useRef } from 'react'
import { areSingleKeysOn } from './single-keys'

/**
 * Runs an act on a single key, such as `/` or `L`: not while typing, not under an open dialog or
 * menu, and not when the person turned single keys off. `repeats` while it is held.
 */
export function useShortcut(
  key: string,
  act: (event: KeyboardEvent) => void,
  { isOn = true, repeats = false }: { isOn?: boolean; repeats?: boolean } = {},
): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!isOn) return
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key.toLowerCase() || !isSingleKey(event, repeats)) return
      event.preventDefault()
      latest.current(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [key, isOn, repeats])
}

/** Whether a key pressed now may act by itself; held, it acts once, except where it `repeats`. */
export function isSingleKey(event: KeyboardEvent, repeats = false): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false
  if (event.repeat && !repeats) return false
  // Esc and the arrows are no letters: they act for those who turned single keys off, too.
  if (!noLetters.test(event.key) && !areSingleKeysOn()) return false
  if (isTyping(event.target)) return false
  return (
    document.querySelector(
      '[role="dialog"][data-state="open"]:not([data-beside]), [role="alertdialog"][data-state="open"], [role="menu"], [role="listbox"]',
    ) === null
  )
}

const noLetters = /^(Escape| |Arrow\w+)$/

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}
