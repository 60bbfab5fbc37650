'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useTransition } from 'react'
import { changeParams } from './usage-query'

/** The params of the URL, and a function that changes some of them: Back takes it off. */
export function useUsageParams() {
  const params = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  const [isChanging, start] = useTransition()
  const change = (changes: Readonly<Record<string, string | null>>) => {
    const query = changeParams(new URLSearchParams(params), changes)
    start(() => router.push(query === '' ? path : `${path}?${query}`, { scroll: false }))
  }
  return { params: new URLSearchParams(params), change, isChanging }
}
