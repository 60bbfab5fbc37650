'use client'

import { useSyncExternalStore } from 'react'

const query = '(max-width: 39.99rem)'

/** True on a phone, false elsewhere; null on the server and at first paint, when CSS decides. */
export function usePhone(): boolean | null {
  return useSyncExternalStore(
    listen,
    () => matchMedia(query).matches,
    () => null,
  )
}

function listen(changed: () => void): () => void {
  const media = matchMedia(query)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}
