'use client'

import { useCallback, useSyncExternalStore } from 'react'

/** Whether a media query fits; null on the server and at first paint, when CSS decides. */
export function useMedia(query: string): boolean | null {
  const listen = useCallback(
    (changed: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(
    listen,
    () => matchMedia(query).matches,
    () => null,
  )
}
