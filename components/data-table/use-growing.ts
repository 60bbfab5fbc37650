'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { formatExact, formatNumberOf } from '@/lib/ui/format'
import { renderQuery } from '@/lib/ui/query'

/** A list of which the server shows the first `show=` of the URL: what `DataTable` says below it. */
export function useGrowing(list: {
  shown: number
  count: number
  /** More than these are found by filters. */
  shownMax: number
  step: number
  /** One of them: `key`. */
  noun: string
  isLoading: boolean
}) {
  const { shown, count, shownMax, step, noun, isLoading } = list
  const params = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  if (shown >= count) return { count: formatNumberOf(count, noun), more: null }
  const isEnd = shown >= shownMax
  const load = () => {
    const next = new URLSearchParams(params)
    next.set('show', String(Math.min(shownMax, shown + step)))
    router.replace(`${path}?${renderQuery(next)}`, { scroll: false })
  }
  return {
    count: `${formatExact(shown)} of ${formatNumberOf(count, noun)} shown${isEnd ? '; filter to see others' : ''}`,
    more: isEnd ? null : { label: `Load ${step} more`, isLoading, load },
  }
}
