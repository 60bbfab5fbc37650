'use client'

import { useMedia } from '@/components/ui/use-media'

/** True on a phone, false elsewhere; null on the server and at first paint, when CSS decides. */
export function usePhone(): boolean | null {
  return useMedia('(max-width: 39.99rem)')
}
