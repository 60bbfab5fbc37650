'use client'

import { Copyable } from '@/components/copy/copyable'
import { Diff } from '@/components/diff/diff'
import { Link } from '@/components/link/link'
import { AbsoluteTime } from '@/components/relative-time/relative-time'
import { Facts } from '@/components/side-sheet/facts'
import { SideSheet } from '@/components/side-sheet/side-sheet'
import { CodeBlock } from '@/components/snippets/snippets'
import type { AuditRow } from '@/lib/db/contract'
import { auditCommand } from '@/lib/ui/audit-command'
import { auditKinds, auditTargetHref, auditVias, describeAction } from '@/lib/ui/audit-list'
import { renderCommand } from '@/lib/ui/command-line'
import { unknown } from '@/lib/ui/format'

/** One change: in a sentence, before and after, its facts, the same as a command. */
export function AuditSheet({
  row,
  closeHref,
  nextHref,
  previousHref,
}: {
  row: AuditRow
  closeHref: string
  nextHref: string | null
  previousHref: string | null
}) {
  const command = auditCommand(row)
  const words = describeAction(row.action)
  const href = auditTargetHref(row)
  const name = row.targetName ?? row.targetId
  return (
    <SideSheet
      label={`Change ${row.id}`}
      closeHref={closeHref}
      nextHref={nextHref}
      previousHref={previousHref}
      returnTo={row.id}
      head={
        <p className="truncate font-semibold text-base" title={`${row.actor} ${words}`}>
          {row.actor} <span className="font-normal">{words}</span>
        </p>
      }
    >
      <Facts
        facts={[
          { label: 'When', value: <AbsoluteTime ms={row.atMs} precision="millisecond" /> },
          {
            label: 'Which',
            value:
              name === null ? (
                unknown
              ) : (
                <>
                  {href ? (
                    <Link href={href} className="rounded-sm text-link hover:underline">
                      {name}
                    </Link>
                  ) : (
                    name
                  )}{' '}
                  <span className="text-muted-foreground">
                    ({auditKinds[row.targetKind] ?? row.targetKind})
                  </span>
                </>
              ),
          },
          { label: 'Who', value: <Who row={row} /> },
          {
            label: 'From',
            value: row.address ? <Copyable text={row.address} what="address" /> : unknown,
          },
          { label: 'Through', value: auditVias[row.via] ?? row.via },
          { label: 'Action', value: <code className="text-xs">{row.action}</code> },
          ...(row.targetId
            ? [{ label: 'Id', value: <Copyable text={row.targetId} what="id" cut /> }]
            : []),
        ]}
      />
      <section className="flex flex-col gap-2">
        <h2 className="font-semibold text-base">{titleOf(row)}</h2>
        <Diff before={fieldsOf(row.before)} after={fieldsOf(row.after)} />
      </section>
      {command && (
        <section className="flex flex-col gap-2">
          <h2 className="font-semibold text-base">As command</h2>
          <CodeBlock code={renderCommand(command)} what="command" />
        </section>
      )}
    </SideSheet>
  )
}

function Who({ row }: { row: AuditRow }) {
  if (row.actorUserId === null) return <>{row.actor}</>
  return (
    <Link
      href={`/console/users/${row.actorUserId}`}
      className="rounded-sm text-link hover:underline"
    >
      {row.actor}
    </Link>
  )
}

function titleOf({ before, after }: AuditRow): string {
  if (before === null && after !== null) return 'What was made'
  return before !== null && after === null ? 'What was there' : 'Before and after'
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null) return value === null ? null : { value }
  return Array.isArray(value) ? { value } : (value as Readonly<Record<string, unknown>>)
}
