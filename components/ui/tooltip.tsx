'use client'

import { Slot } from 'radix-ui'
import {
  type FocusEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { createPortal } from 'react-dom'

const showAfterMs = 300
const hideAfterMs = 120
const gap = 6
const edge = 8

/**
 * Words beside a thing that is hovered, or focused by keys. Esc hides them, and the pointer may move
 * onto them. Written here: a layer of Radix would be the heaviest part of most pages.
 */
export function Tooltip({
  words,
  side = 'top',
  children,
}: {
  words: () => ReactNode
  side?: 'top' | 'right'
  /** One element that takes handlers. */
  children: ReactNode
}) {
  const id = useId()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const later = (next: Element | null) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setAnchor(next), next ? showAfterMs : hideAfterMs)
  }
  const at = (next: Element | null) => {
    clearTimeout(timer.current)
    setAnchor(next)
  }
  return (
    <>
      <Slot.Root
        aria-describedby={anchor ? id : undefined}
        onPointerEnter={(event: PointerEvent) => {
          if (event.pointerType !== 'touch') later(event.currentTarget)
        }}
        onPointerLeave={() => later(null)}
        onPointerDown={() => at(null)}
        onFocus={(event: FocusEvent) => {
          if (event.target.matches(':focus-visible')) at(event.currentTarget)
        }}
        onBlur={() => at(null)}
      >
        {children}
      </Slot.Root>
      {anchor &&
        createPortal(
          <Tip
            id={id}
            anchor={anchor}
            side={side}
            stay={() => clearTimeout(timer.current)}
            leave={() => later(null)}
            hide={() => at(null)}
          >
            {words()}
          </Tip>,
          document.body,
        )}
    </>
  )
}

function Tip({
  id,
  anchor,
  side,
  stay,
  leave,
  hide,
  children,
}: {
  id: string
  anchor: Element
  side: 'top' | 'right'
  stay: () => void
  leave: () => void
  hide: () => void
  children: ReactNode
}) {
  const tip = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (tip.current) place(tip.current, anchor, side)
  })
  const latest = useRef(hide)
  latest.current = hide
  useEffect(() => {
    // Before the document's listeners: a dialog, there, would close with its tooltip.
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopImmediatePropagation()
      latest.current()
    }
    const onScroll = () => latest.current()
    window.addEventListener('keydown', onKey, { capture: true })
    document.addEventListener('scroll', onScroll, { capture: true, passive: true })
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true })
      document.removeEventListener('scroll', onScroll, { capture: true })
    }
  }, [])
  return (
    <div
      ref={tip}
      id={id}
      role="tooltip"
      data-slot="tooltip-content"
      onPointerEnter={stay}
      onPointerLeave={leave}
      className="fade-in-0 fixed z-50 w-max max-w-80 animate-in text-pretty break-words rounded-md bg-popover px-2.5 py-1.5 text-popover-foreground text-xs shadow-float duration-[120ms]"
    >
      {children}
    </div>
  )
}

/** Above its thing, below where there is no room; or to its right. Never past the window's edge. */
function place(tip: HTMLElement, anchor: Element, side: 'top' | 'right'): void {
  const { left, right, top, bottom, width, height } = anchor.getBoundingClientRect()
  const above = top - gap - tip.offsetHeight
  const x = side === 'right' ? right + gap : left + (width - tip.offsetWidth) / 2
  const y =
    side === 'right' ? top + (height - tip.offsetHeight) / 2 : above >= edge ? above : bottom + gap
  tip.style.left = `${clamp(x, window.innerWidth - tip.offsetWidth)}px`
  tip.style.top = `${clamp(y, window.innerHeight - tip.offsetHeight)}px`
}

function clamp(value: number, most: number): number {
  return Math.round(Math.max(edge, Math.min(value, most - edge)))
}
