'use client'

import { useParams, useSearchParams } from 'next/navigation'
import { RequestSheet } from '../request-sheet'

/** Beside the list: somebody may have followed an old link. */
export default function RequestNotFound() {
  const { id } = useParams<{ id: string }>()
  const query = useSearchParams().toString()
  return (
    <RequestSheet
      id={id}
      query={query}
      newerId={null}
      olderId={null}
      head={<h2 className="font-semibold text-base">No such request</h2>}
    >
      <p className="text-sm">
        Nothing is known under <code className="wrap-anywhere">{id}</code>. It may be older than
        records are kept, still be running, or be somebody else’s.
      </p>
    </RequestSheet>
  )
}
