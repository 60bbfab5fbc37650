import { useEffect, useState } from 'react'

/** The width that there is, in px; no bound before it is known. */
export function useRoom(home: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY)
  useEffect(() => {
    const element = home.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [home])
  return width
}
