'use client'

import { ChevronRightIcon } from 'lucide-react'
import { AsCommand } from '@/components/as-command/as-command'
import { Diff } from '@/components/diff/diff'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import { Collapsible, CollapsibleContent, CollapsibleTrigger } from '@/components/ui/collapsible'
import type { ServerPage } from '@/lib/admin/servers'
import type { AuditRow } from '@/lib/db/contract'
import { auditCommand } from '@/lib/ui/audit-command'

const words: Record<string, string> = {
  'backend.create': 'added it',
  'backend.update': 'changed it',
  'backend.drain': 'drained it',
  'backend.resume': 'resumed it',
  'backend.remove': 'removed it',
}

/** Who changed the server, with before and after, and the same as a command. */
export function ServerChanges({ changes, nowMs }: Pick<ServerPage, 'changes'> & { nowMs: number }) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Changes</CardTitle>
      </CardHeader>
      <CardContent>
        {changes.length === 0 && (
          <p className="text-muted-foreground text-sm">Nobody has changed this server.</p>
        )}
        <ol className="divide-y text-sm">
          {changes.map((row) => (
            <li key={row.id}>
              <Change row={row} nowMs={nowMs} />
            </li>
          ))}
        </ol>
      </CardContent>
    </Card>
  )
}

function Change({ row, nowMs }: { row: AuditRow; nowMs: number }) {
  const command = auditCommand(row)
  return (
    <Collapsible>
      <div className="flex min-h-row items-center gap-2">
        <CollapsibleTrigger className="group focus-inset flex min-w-0 flex-1 items-center gap-2 py-1 text-left">
          <ChevronRightIcon
            aria-hidden="true"
            className="size-4 shrink-0 text-muted-foreground transition-transform group-data-[state=open]:rotate-90"
          />
          <span className="min-w-0 flex-1 truncate" title={row.actor}>
            <span className="font-medium">{row.actor}</span> {actWords(row)}
            {row.via !== 'console' && (
              <span className="text-muted-foreground"> {viaWords[row.via]}</span>
            )}
          </span>
          <span className="text-muted-foreground">
            <RelativeTime ms={row.atMs} nowMs={nowMs} />
          </span>
        </CollapsibleTrigger>
        {command && <AsCommand args={command} isIcon />}
      </div>
      <CollapsibleContent className="pb-3">
        <Diff before={fieldsOf(row.before)} after={fieldsOf(row.after)} />
      </CollapsibleContent>
    </Collapsible>
  )
}

const viaWords: Record<AuditRow['via'], string> = {
  cli: 'on the command line',
  console: 'in the console',
  api: 'through the API',
  start: 'at the start',
}

function actWords({ action }: AuditRow): string {
  return words[action] ?? action
}

function fieldsOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? { ...value } : null
}
