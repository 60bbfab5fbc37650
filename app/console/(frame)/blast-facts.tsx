'use client'

import { useQuery } from '@tanstack/react-query'
import { BlastRadius } from '@/components/typed-confirmation/typed-confirmation'
import { Skeleton } from '@/components/ui/skeleton'
import type { BlastRadius as Radius } from '@/lib/admin/blast-radius'

export type RadiusFacts = Pick<Radius, 'facts' | 'isHarmless'>
/** As the address of the read names it: `{ backend: id, model: 'qwen3:8b' }`. */
export type RadiusTarget = Readonly<Record<string, string>>

/** Asked when its dialog opens: whom an act on this would have hit in the last 24 h. */
export function BlastFacts({ target }: { target: RadiusTarget }) {
  return <BlastFactsOf id={target} read={(signal) => readRadius(target, signal)} />
}

/** The same of what one address does not name; `head` where it is not of the last 24 h. */
export function BlastFactsOf({
  id,
  read,
  head,
}: {
  /** What it is about: asked anew when it changes. */
  id: unknown
  read: (signal: AbortSignal) => Promise<RadiusFacts>
  head?: string
}) {
  const { data, error } = useQuery({
    queryKey: ['blast-radius', id],
    staleTime: 10_000,
    retry: false,
    queryFn: ({ signal }) => read(signal),
  })
  if (error) {
    const facts = ['Not known: it could not be read. Close this and retry.']
    return <BlastRadius facts={facts} head={head} />
  }
  if (data === undefined) {
    return (
      <div role="status" aria-label="Looking whom this hits" className="rounded-lg bg-muted p-3">
        <Skeleton className="h-3 w-40" />
        <Skeleton className="mt-2.5 h-3 w-64" />
        <Skeleton className="mt-2.5 h-3 w-52" />
      </div>
    )
  }
  return <BlastRadius facts={data.facts} isHarmless={data.isHarmless} head={head} />
}

export async function readRadius(target: RadiusTarget, signal: AbortSignal): Promise<RadiusFacts> {
  const url = `/console/data/blast-radius?${new URLSearchParams(target)}`
  const answer = await fetch(url, { signal, cache: 'no-store' })
  if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
  return (await answer.json()) as RadiusFacts
}
