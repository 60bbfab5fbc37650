'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { isSingleKey } from '@/components/kbd/use-shortcut'
import { type NavId, navPages } from './navigation'

const waitMs = 1200

/** G, then a letter within 1.2 s, goes to a page. */
export function useGoKeys(pages: readonly NavId[]): void {
  const router = useRouter()
  useEffect(() => {
    let pressedAt = Number.NEGATIVE_INFINITY
    const listen = (event: KeyboardEvent) => {
      if (!isSingleKey(event)) return
      const key = event.key.toLowerCase()
      if (event.timeStamp - pressedAt <= waitMs) {
        pressedAt = Number.NEGATIVE_INFINITY
        const page = navPages.find((page) => page.key === key && pages.includes(page.id))
        if (!page) return
        event.preventDefault()
        event.stopImmediatePropagation()
        router.push(page.href)
      } else if (key === 'g') {
        pressedAt = event.timeStamp
      }
    }
    document.addEventListener('keydown', listen, { capture: true })
    return () => document.removeEventListener('keydown', listen, { capture: true })
  }, [router, pages])
}
