'use client'

import { ChevronRightIcon } from 'lucide-react'
import { AsCommand } from '@/components/as-command/as-command'
import { Diff } from '@/components/diff/diff'
import { Link } from '@/components/link/link'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { Collapsible, CollapsibleContent, CollapsibleTrigger } from '@/components/ui/collapsible'
import type { AuditRow } from '@/lib/db/contract'
import { keyAuditCommand } from '@/lib/ui/key-command'

const verbs: Record<string, string> = {
  'key.create': 'created it',
  'key.update': 'changed it',
  'key.disable': 'disabled it',
  'key.enable': 'enabled it',
  'key.rotate': 'rotated it',
  'key.revoke': 'revoked it',
}

/** The audit rows of a key: who, when, what was before and after, and the same as a command. */
export function KeyHistory({
  rows,
  hasMore,
  keyId,
  nowMs,
}: {
  rows: readonly AuditRow[]
  hasMore: boolean
  keyId: string
  nowMs: number
}) {
  if (rows.length === 0) {
    return <p className="text-muted-foreground text-sm">No change is on record.</p>
  }
  return (
    <div className="flex flex-col gap-2">
      <ul className="divide-y overflow-hidden rounded-lg border bg-card">
        {rows.map((row) => (
          <li key={row.id}>
            <Change row={row} nowMs={nowMs} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <p className="text-muted-foreground text-sm">
          The newest {rows.length}.{' '}
          <Link href={`/console/audit?target=${keyId}`} className="rounded-sm text-link">
            All are in Audit
          </Link>
        </p>
      )}
    </div>
  )
}

function Change({ row, nowMs }: { row: AuditRow; nowMs: number }) {
  const command = keyAuditCommand(row)
  return (
    <Collapsible>
      <div className="flex min-h-row items-center gap-2 px-3 text-sm">
        <CollapsibleTrigger className="group focus-inset flex min-w-0 flex-1 items-center gap-2 rounded-sm py-1.5 text-left">
          <ChevronRightIcon className="size-4 shrink-0 text-muted-foreground transition-transform group-data-[state=open]:rotate-90" />
          <span className="min-w-0 truncate">
            <span className="font-medium">{row.actor}</span> {verbs[row.action] ?? row.action}
            {row.via === 'cli' && (
              <span className="text-muted-foreground"> on the command line</span>
            )}
            {row.via === 'start' && (
              <span className="text-muted-foreground"> at the first start</span>
            )}
          </span>
        </CollapsibleTrigger>
        {command && <AsCommand args={command} isIcon />}
        <RelativeTime
          ms={row.atMs}
          nowMs={nowMs}
          className="w-24 shrink-0 text-right text-muted-foreground"
        />
      </div>
      <CollapsibleContent className="px-3 pb-3">
        <Diff before={fieldsOf(row.before)} after={fieldsOf(row.after)} />
      </CollapsibleContent>
    </Collapsible>
  )
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null
}
