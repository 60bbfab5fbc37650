import { useEffect, useState } from 'react'

/** Whether the columns need more than there is: then the table scrolls in its own box. */
export function useIsTight(home: { current: HTMLElement | null }, leastWidth: number): boolean {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY)
  useEffect(() => {
    const element = home.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [home])
  return width < leastWidth
}
