'use client'

import { useQuery } from '@tanstack/react-query'
import { BlastRadius } from '@/components/typed-confirmation/typed-confirmation'
import { Skeleton } from '@/components/ui/skeleton'
import type { BlastRadius as Radius } from '@/lib/admin/blast-radius'

/** Asked when the dialog opens: whom taking this server away would have hit. */
export function ServerBlast({ id }: { id: string }) {
  const { data, error } = useQuery({
    queryKey: ['blast-radius', 'backend', id],
    staleTime: 10_000,
    retry: false,
    queryFn: async ({ signal }) => {
      const url = `/console/data/blast-radius?backend=${encodeURIComponent(id)}`
      const answer = await fetch(url, { signal, cache: 'no-store' })
      if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
      return (await answer.json()) as Radius
    },
  })
  if (error)
    return <BlastRadius facts={['Not known: it could not be read. Close this and retry.']} />
  if (data === undefined) {
    return (
      <div role="status" aria-label="Looking whom this hits" className="rounded-lg bg-muted p-3">
        <Skeleton className="h-3 w-40" />
        <Skeleton className="mt-2.5 h-3 w-64" />
        <Skeleton className="mt-2.5 h-3 w-52" />
      </div>
    )
  }
  return <BlastRadius facts={data.facts} isHarmless={data.isHarmless} />
}
