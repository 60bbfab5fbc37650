'use client'

import { Diff } from '@/components/diff/diff'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { Button } from '@/components/ui/button'
import {
  DialogBody,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'
import type { BackendFields } from '@/lib/admin/backends'
import type { Theirs } from './actions'
import { baseOf } from './server-values'

/** The second of two who edit the same server: what the first changed, and what they would. */
export function ChangedMeanwhile({
  before,
  theirs,
  mine,
  isSaving,
  onKeepTheirs,
  onSaveMine,
}: {
  before: Record<string, unknown>
  theirs: Theirs
  mine: BackendFields
  isSaving: boolean
  onKeepTheirs: () => void
  onSaveMine: () => void
}) {
  const now = baseOf(theirs.backend)
  const own = Object.fromEntries(Object.keys(mine).map((field) => [field, now[field]]))
  return (
    <>
      <DialogHeader>
        <DialogTitle className="break-words">
          {theirs.by} changed {theirs.backend.name} while you were editing it
        </DialogTitle>
        <DialogDescription>
          {theirs.atMs !== null && (
            <>
              Saved <RelativeTime ms={theirs.atMs} />.{' '}
            </>
          )}
          Nothing of yours is saved yet.
        </DialogDescription>
      </DialogHeader>
      <DialogBody>
        <section className="flex flex-col gap-2">
          <h3 className="font-medium text-sm">What {theirs.by} changed</h3>
          <Diff before={before} after={now} />
        </section>
        <section className="flex flex-col gap-2">
          <h3 className="font-medium text-sm">What you would change now</h3>
          <Diff before={own} after={mine} />
        </section>
      </DialogBody>
      <DialogFooter>
        <Button variant="outline" onClick={onKeepTheirs}>
          Drop my changes
        </Button>
        <Button onClick={onSaveMine} disabled={isSaving}>
          Save my changes over it
        </Button>
      </DialogFooter>
    </>
  )
}
