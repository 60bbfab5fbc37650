'use client'

import { type ReactNode, useEffect, useState } from 'react'
import { PageCrumbs } from '@/components/shell/crumbs'
import { SideSheet } from '@/components/side-sheet/side-sheet'
import { cutMiddle } from '@/lib/ui/format'
import { requestHref, withQuery } from './request-query'
import { useWalk } from './requests-frame'

/** The sheet of one request: J and K go through the rows that are shown, then through the log. */
export function RequestSheet({
  id,
  query,
  newerId,
  olderId,
  head,
  children,
}: {
  id: string
  query: string
  newerId: string | null
  olderId: string | null
  head: ReactNode
  children: ReactNode
}) {
  const { ids, isWalking, setIsWalking } = useWalk()
  const place = ids.indexOf(id)
  const next = (place >= 0 ? ids[place + 1] : undefined) ?? olderId
  const previous = (place >= 0 ? ids[place - 1] : undefined) ?? newerId
  // What slid in once stands still while its rows change: each is a sheet of its own.
  const [isNext] = useState(isWalking)
  useEffect(() => setIsWalking(true), [setIsWalking])
  return (
    <div className={isNext ? '[&>[data-beside]]:animate-none' : undefined}>
      <PageCrumbs crumbs={[{ label: cutMiddle(id) }]} />
      <SideSheet
        label={`Request ${cutMiddle(id)}`}
        head={head}
        closeHref={withQuery('/console/requests', query)}
        nextHref={next === null ? null : requestHref(next, query)}
        previousHref={previous === null ? null : requestHref(previous, query)}
        returnTo={id}
      >
        {children}
      </SideSheet>
    </div>
  )
}
