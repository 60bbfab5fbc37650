'use client'

import { useSyncExternalStore } from 'react'

const name = 'corral.single-keys'
const changed = 'corral:single-keys'

export function areSingleKeysOn(): boolean {
  try {
    return localStorage.getItem(name) !== 'off'
  } catch {
    return true
  }
}

/** Whether single keys act, and a function to turn them on or off for this browser. */
export function useSingleKeys(): [boolean, (isOn: boolean) => void] {
  const isOn = useSyncExternalStore(listen, areSingleKeysOn, () => true)
  return [isOn, setSingleKeys]
}

function setSingleKeys(isOn: boolean): void {
  try {
    localStorage.setItem(name, isOn ? 'on' : 'off')
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
  window.dispatchEvent(new Event(changed))
}

function listen(changedTo: () => void): () => void {
  window.addEventListener(changed, changedTo)
  window.addEventListener('storage', changedTo)
  return () => {
    window.removeEventListener(changed, changedTo)
    window.removeEventListener('storage', changedTo)
  }
}
