'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useCallback, useState } from 'react'
import { renderQuery } from '@/lib/ui/query'

/**
 * Which of a page's dialogs is open: by a button, or by `?do=rotate`, on a page that is there
 * already too: the palette links so. Closed, the URL asks for nothing any more and keeps the rest;
 * `also` names what goes with it.
 */
export function useAskedDialog<Name extends string>(
  names: readonly Name[],
  also?: string,
): [Name | null, (name: Name | null) => void] {
  const params = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  const wanted = params.get('do')
  const asked = names.find((name) => name === wanted) ?? null
  const [open, setOpen] = useState<Name | null>(asked)
  const [seen, setSeen] = useState(wanted)
  if (seen !== wanted) {
    setSeen(wanted)
    if (asked !== null) setOpen(asked)
  }
  const isAsked = asked !== null
  const change = useCallback(
    (name: Name | null) => {
      setOpen(name)
      if (name !== null || !isAsked) return
      const rest = new URLSearchParams(params)
      rest.delete('do')
      if (also) rest.delete(also)
      router.replace(rest.size > 0 ? `${path}?${renderQuery(rest)}` : path, { scroll: false })
    },
    [isAsked, params, path, router, also],
  )
  return [open, change]
}
