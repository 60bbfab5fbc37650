'use client'

import { useEffect, useRef } from 'react'
import { areSingleKeysOn } from './single-keys'

/**
 * Runs an act on a single key, such as `/` or `L`: not while typing, not under an open dialog or
 * menu, and not when the person turned single keys off.
 */
export function useShortcut(key: string, act: (event: KeyboardEvent) => void, isOn = true): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!isOn) return
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key.toLowerCase() || !isSingleKey(event)) return
      event.preventDefault()
      latest.current(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [key, isOn])
}

/** Whether a key pressed now may act by itself. */
export function isSingleKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) {
    return false
  }
  // Esc is no letter: it closes a sheet for those who turned single keys off, too.
  if (event.key !== 'Escape' && !areSingleKeysOn()) return false
  if (isTyping(event.target)) return false
  return (
    document.querySelector(
      '[role="dialog"][data-state="open"]:not([data-beside]), [role="alertdialog"][data-state="open"], [role="menu"], [role="listbox"]',
    ) === null
  )
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}
