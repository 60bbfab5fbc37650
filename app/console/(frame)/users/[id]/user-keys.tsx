'use client'

import { KeyRoundIcon } from 'lucide-react'
import { useMemo } from 'react'
import type { Column } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Link } from '@/components/link/link'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { EmptyNew } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import type { KeyRow } from '@/lib/admin/key-rows'
import { formatNumberOf } from '@/lib/ui/format'
import { conditionWord, KeyState, WindowUse } from '../../keys/key-state'

/** The keys of one person; each leads to its page. */
export function UserKeys({
  keys,
  nowMs,
  layout,
  mayCreate,
}: {
  keys: readonly KeyRow[]
  nowMs: number
  layout: string | undefined
  mayCreate: boolean
}) {
  const columns = useMemo(() => makeColumns(nowMs), [nowMs])
  return (
    <DataTable
      id="user-keys"
      label="Keys"
      columns={columns}
      rows={keys}
      getRowId={(key) => key.id}
      getRowHref={(key) => `/console/keys/${key.id}`}
      layout={layout}
      sorting="browser"
      count={formatNumberOf(keys.length, 'key')}
      empty={
        <EmptyNew
          icon={KeyRoundIcon}
          title="No keys yet"
          action={
            mayCreate ? (
              <Button asChild variant="outline">
                <Link href="/console/keys?do=create">Create key</Link>
              </Button>
            ) : undefined
          }
        >
          A key lets a program in.
        </EmptyNew>
      }
    />
  )
}

function makeColumns(nowMs: number): Column<KeyRow>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      grow: true,
      width: 160,
      isSortable: true,
      card: 'title',
      cell: (key) => key.name,
      value: (key) => key.name,
    },
    {
      id: 'key',
      yields: true,
      header: 'Key',
      width: 150,
      card: 'detail',
      isCopyable: true,
      cell: (key) => <code>op_{key.prefix}…</code>,
      value: (key) => `op_${key.prefix}`,
    },
    {
      id: 'state',
      header: 'State',
      width: 132,
      isSortable: true,
      card: 'value',
      cell: (key) => <KeyState condition={key.condition} />,
      value: (key) => conditionWord(key.condition),
    },
    {
      id: 'now',
      header: 'Now',
      unit: 'of its limit',
      width: 164,
      cell: (key) => <WindowUse row={key} />,
    },
    {
      id: 'expires',
      yields: true,
      header: 'Expires',
      width: 112,
      isSortable: true,
      cell: (key) => <RelativeTime ms={key.expiresAtMs} nowMs={nowMs} absent="never" />,
      value: (key) => key.expiresAtMs,
    },
    {
      id: 'used',
      header: 'Used',
      width: 112,
      isSortable: true,
      card: 'end',
      cell: (key) => <RelativeTime ms={key.lastUsedAtMs} nowMs={nowMs} absent="never" />,
      value: (key) => key.lastUsedAtMs,
    },
  ]
}
