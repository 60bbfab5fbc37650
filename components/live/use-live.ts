'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLiveState } from './live'

export type LiveOptions<Data> = {
  /** The query key; a range stays relative in it. */
  key: readonly unknown[]
  /** A path of this host, such as `/console/data/overview?range=24h`. */
  url: string
  /** What the server rendered the page with. */
  initialData: Data
  /** What `initialData` answers, where that may be another URL than the one asked for now. */
  initialUrl?: string
  /** 2 s unless told; see `liveIntervalMs` of lib/ui/range. */
  intervalMs?: number
  isOn?: boolean
}

export type LiveAnswer<Data> = {
  data: Data
  /** Why the last answer failed, in words; the data before it stays. */
  problem: string | null
  /** While there is a problem: when `data` was answered, or found unchanged, last. */
  asOfMs: number | null
  /** A change of the key is being fetched; the rows of the one before stay. */
  isBusy: boolean
  refresh: () => Promise<void>
}

/** With its tag: an answer that is given up must not leave its tag to the data before it. */
type Held<Data> = { value: Data; url?: string; tag?: string | null }

const answerWithinMs = 15_000

/**
 * Data that is asked for again and again. Unchanged answers (304) cost nothing and render nothing.
 * Stands in a `LiveProvider`; outside of one it fetches only when its key changes.
 */
export function useLive<Data>(options: LiveOptions<Data>): LiveAnswer<Data> {
  const { key, url, initialData, initialUrl = url, intervalMs = 2000, isOn = true } = options
  const client = useQueryClient()
  const live = useLiveState()
  const first = useRef({ url: initialUrl, initialData, atMs: Date.now() })
  // The server rendered the page anew: for a key that was not asked for yet, that is its first data.
  if (options.initialUrl !== undefined && first.current.initialData !== initialData) {
    first.current = { url: initialUrl, initialData, atMs: Date.now() }
  }

  const query = useQuery<Held<Data>>({
    queryKey: key,
    initialData: first.current.url === url ? { value: first.current.initialData } : undefined,
    initialDataUpdatedAt: first.current.atMs,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<Held<Data>>(key)
      const tag = known?.url === url ? known.tag : null
      const answer = await fetch(url, {
        headers: tag ? { 'if-none-match': tag } : {},
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
        cache: 'no-store',
      })
      if (answer.status === 304 && known !== undefined) return known
      if (answer.status === 401) throw new Error('You were signed out. Reload to sign in.')
      if (!answer.ok) throw new Error(await readProblem(answer))
      return { value: (await answer.json()) as Data, url, tag: answer.headers.get('etag') }
    },
  })

  const refetch = useRef(query.refetch)
  refetch.current = query.refetch
  const clock = live?.clock
  const note = live?.note
  useEffect(() => {
    if (!clock || !note || !isOn) return
    const run = async () => {
      const { error } = await refetch.current()
      note(error ? 'failed' : 'answered')
    }
    return clock.add({ run, intervalMs })
  }, [clock, note, isOn, intervalMs])

  return {
    data: query.data ? query.data.value : initialData,
    problem: query.error ? query.error.message : null,
    // Not of `query`: what is read of it renders anew at each unchanged answer.
    asOfMs: query.error ? client.getQueryState(key)?.dataUpdatedAt || null : null,
    isBusy: (query.isPlaceholderData || query.data === undefined) && query.isFetching,
    refresh: async () => {
      await query.refetch()
    },
  }
}

async function readProblem(answer: Response): Promise<string> {
  const id = answer.headers.get('x-request-id')
  const body: unknown = await answer.json().catch(() => null)
  const message =
    typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : null
  return `${message ?? `The console answered ${answer.status}.`}${id ? ` (${id})` : ''}`
}
