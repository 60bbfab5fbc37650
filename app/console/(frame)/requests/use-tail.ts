'use client'

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { ListedPage } from '@/lib/admin/request-log'
import { withQuery } from './request-query'
import { appendOlder, countNew, enterNew, startTail, type Tail } from './tail'

export type TailView = Tail & {
  /** Rows that wait to be let in. */
  fresh: { count: number; isMore: boolean }
  letIn: () => void
  isLoadingOlder: boolean
  /** Why the last page of older rows did not come. */
  problem: string | null
  loadOlder: () => void
}

/**
 * The rows of a query: the newest page comes again and again, older ones when asked for. New rows
 * enter by themselves only where `mayEnter` says that nobody reads further down.
 */
export function useTail({
  query,
  head,
  isOfQuery,
  mayEnter,
}: {
  query: string
  head: ListedPage
  /** False while `head` is still that of the query before: its rows stay. */
  isOfQuery: boolean
  mayEnter: boolean
}): TailView {
  const [held, setHeld] = useState(() => ({ query, tail: startTail(head) }))
  const [older, setOlder] = useState<{ query: string; problem: string | null } | null>(null)
  const isNewQuery = isOfQuery && held.query !== query
  const tail = isNewQuery ? startTail(head) : held.tail
  const fresh = isOfQuery ? countNew(tail, head) : none
  const entering = fresh.count > 0 && (mayEnter || tail.rows.length === 0)
  const shown = entering ? enterNew(tail, head) : tail
  // What is shown is kept while rendering: an effect would show the old rows once more.
  if (isNewQuery || entering) setHeld({ query, tail: shown })

  const { cursor } = shown
  const isLoadingOlder = older !== null && older.query === query && older.problem === null
  const loadOlder = useCallback(async () => {
    if (cursor === null) return
    setOlder({ query, problem: null })
    const url = withQuery('/console/data/requests', query)
    try {
      const answer = await fetch(`${url}${query === '' ? '?' : '&'}cursor=${cursor}`, {
        signal: AbortSignal.timeout(15_000),
        cache: 'no-store',
      })
      if (!answer.ok) throw new Error(`The console answered ${answer.status}.`)
      const page = (await answer.json()) as ListedPage
      setHeld((now) =>
        now.query === query && now.tail.cursor === cursor
          ? { query, tail: appendOlder(now.tail, page) }
          : now,
      )
      setOlder(null)
    } catch (error) {
      setOlder({ query, problem: error instanceof Error ? error.message : String(error) })
    }
  }, [cursor, query])

  return {
    ...shown,
    fresh: entering ? none : fresh,
    letIn: () => setHeld({ query, tail: enterNew(tail, head) }),
    isLoadingOlder,
    problem: older?.query === query ? older.problem : null,
    loadOlder: () => void loadOlder(),
  }
}

const none = { count: 0, isMore: false }

/** Whether the page, and its box of rows where that scrolls by itself, is at its top. */
export function useIsAtTop(): boolean {
  return useSyncExternalStore(
    listenToScroll,
    () => window.scrollY <= 4 && (rowsBox()?.scrollTop ?? 0) <= 4,
    () => true,
  )
}

function listenToScroll(changed: () => void): () => void {
  const options = { passive: true, capture: true }
  window.addEventListener('scroll', changed, options)
  return () => window.removeEventListener('scroll', changed, options)
}

export function scrollToTop(): void {
  window.scrollTo({ top: 0 })
  rowsBox()?.scrollTo({ top: 0 })
}

function rowsBox(): Element | null {
  return document.querySelector('[data-rows-box]')
}

/** False at first paint: what differs from the server may differ from then on. */
export function useIsAlive(): boolean {
  const [isAlive, setIsAlive] = useState(false)
  useEffect(() => setIsAlive(true), [])
  return isAlive
}
