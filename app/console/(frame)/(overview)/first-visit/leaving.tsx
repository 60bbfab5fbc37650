'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'

/** A key that nobody copied is lost: while `isAtRisk`, a link out of the page asks, and so does the browser. */
export function AskBeforeLeaving({ isAtRisk }: { isAtRisk: boolean }) {
  const router = useRouter()
  const [wanted, setWanted] = useState<string | null>(null)
  useEffect(() => {
    if (!isAtRisk) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    const hold = (event: MouseEvent) => {
      const href = hrefOf(event)
      if (href === null) return
      event.preventDefault()
      event.stopPropagation()
      setWanted(href)
    }
    window.addEventListener('beforeunload', ask)
    document.addEventListener('click', hold, { capture: true })
    return () => {
      window.removeEventListener('beforeunload', ask)
      document.removeEventListener('click', hold, { capture: true })
    }
  }, [isAtRisk])
  return (
    <TypedConfirmation
      open={wanted !== null}
      onOpenChange={(isOpen) => !isOpen && setWanted(null)}
      title="Leave without the key?"
      description="It was not copied. Once this page is left, nobody can read it again."
      verb="Leave page"
      act={async () => {
        if (wanted !== null) router.push(wanted)
        return { ok: true }
      }}
    />
  )
}

/** Where a click leads in this tab; null where it leads nowhere else. */
function hrefOf(event: MouseEvent): string | null {
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null
  if (!isPlain || !(link instanceof HTMLAnchorElement) || link.target === '_blank') return null
  const { origin, pathname, search } = new URL(link.href)
  const here = window.location
  if (origin !== here.origin || pathname + search === here.pathname + here.search) return null
  return pathname + search
}
