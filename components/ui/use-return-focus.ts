'use client'

import { useRef } from 'react'

type FocusHandlers = {
  onOpenAutoFocus?: (event: Event) => void
  onCloseAutoFocus?: (event: Event) => void
}

/**
 * A dialog that is opened by state has no trigger, and Radix then returns the focus nowhere: this
 * returns it to where it was; from an item of a menu, to the button of that menu.
 */
export function useReturnFocus({ onOpenAutoFocus, onCloseAutoFocus }: FocusHandlers) {
  const home = useRef<HTMLElement | null>(null)
  return {
    onOpenAutoFocus: (event: Event) => {
      home.current = findHome(document.activeElement)
      onOpenAutoFocus?.(event)
    },
    onCloseAutoFocus: (event: Event) => {
      onCloseAutoFocus?.(event)
      if (event.defaultPrevented || !home.current?.isConnected) return
      event.preventDefault()
      home.current.focus()
    },
  }
}

function findHome(focused: Element | null): HTMLElement | null {
  const button = focused?.closest('[role="menu"]')?.getAttribute('aria-labelledby')
  const found = button ? document.getElementById(button) : focused
  return found instanceof HTMLElement && found !== document.body ? found : null
}
