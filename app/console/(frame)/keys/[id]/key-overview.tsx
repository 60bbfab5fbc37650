'use client'

import { useSearchParams } from 'next/navigation'
import type { ReactNode } from 'react'
import { Copyable } from '@/components/copy/copyable'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { RangePicker, useRange } from '@/components/range-picker/range-picker'
import { AbsoluteTime, RelativeTime } from '@/components/relative-time/relative-time'
import { Page } from '@/components/shell/page'
import { Facts } from '@/components/side-sheet/facts'
import { StaleProblem } from '@/components/states/stale-problem'
import { Note } from '@/components/states/states'
import { Card } from '@/components/ui/card'
import type { KeyOwner } from '@/lib/admin/key-owners'
import type { KeyPage, KeyUsage } from '@/lib/admin/key-page'
import { liveIntervalMs, renderRange } from '@/lib/ui/range'
import { KeyState, limitSources, limitWords, WindowUse } from '../key-state'
import { KeyActs } from './key-acts'
import { KeyFigures } from './key-figures'

export type KeyData = { page: KeyPage; usage: KeyUsage }

/** One key: what it is, what it may do, what it did; live. */
export function KeyOverview({
  id,
  initial,
  owner,
  nowMs,
  children,
}: {
  id: string
  initial: KeyData
  /** Null where the reader may not change it. */
  owner: KeyOwner | null
  nowMs: number
  children: ReactNode
}) {
  const [range] = useRange()
  const text = useSearchParams().get('range') ?? ''
  const { data, problem, asOfMs, isBusy, refresh } = useLive<KeyData>({
    key: ['key', id, renderRange(range)],
    url: `/console/data/keys/${encodeURIComponent(id)}?range=${encodeURIComponent(text)}`,
    initialData: initial,
    intervalMs: liveIntervalMs(range),
  })
  const { page, usage } = data
  const { key } = page
  return (
    <Page
      title={<span title={key.name}>{key.name}</span>}
      badge={<KeyState condition={key.condition} />}
      actions={
        page.may.manage ? <KeyActs page={page} owner={owner} refresh={refresh} /> : undefined
      }
    >
      <StaleProblem
        title="This page is not live"
        problem={problem}
        asOfMs={asOfMs}
        refresh={refresh}
      />
      {page.graceUntilMs !== null && (
        <Note>
          It was rotated. The old secret works until{' '}
          <AbsoluteTime ms={page.graceUntilMs} precision="minute" />.
        </Note>
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <Card className="gap-3 p-4">
          <h2 className="font-semibold text-base">Key</h2>
          <Facts
            facts={[
              {
                label: 'Key',
                value: <Copyable text={`op_${key.prefix}`} what="start of the key" />,
              },
              { label: 'Owner', value: key.ownerName },
              {
                label: 'Created',
                value: <RelativeTime ms={key.createdAtMs} nowMs={nowMs} />,
              },
              {
                label: 'Last used',
                value: <RelativeTime ms={key.lastUsedAtMs} nowMs={nowMs} absent="never" />,
              },
              {
                label: 'Expires',
                value: <RelativeTime ms={key.expiresAtMs} nowMs={nowMs} absent="never" />,
              },
            ]}
          />
        </Card>
        <Card className="gap-3 p-4">
          <h2 className="font-semibold text-base">What it may do</h2>
          <Facts
            facts={[
              {
                label: 'Now',
                value: <WindowUse row={key} />,
              },
              {
                label: 'Limit',
                value: `${limitWords(key.limit)}, ${limitSources[key.limit.from]}`,
              },
              { label: 'Permissions', value: <Codes list={key.permissions} /> },
              { label: 'Models', value: <Rules rules={key.models} everything="every model" /> },
              {
                label: 'Networks',
                value: <Rules rules={key.networks} everything="everywhere" />,
              },
              { label: 'Prompts and answers', value: keptWords(page) },
              ...(key.frontends === null
                ? []
                : [{ label: 'Frontends', value: <Codes list={key.frontends} /> }]),
            ]}
          />
        </Card>
      </div>
      <section className="flex flex-col gap-3">
        <div className="flex min-h-control flex-wrap items-center justify-between gap-2">
          <h2 className="font-semibold text-base">Usage</h2>
          <div data-print="hide" className="flex flex-wrap items-center gap-2">
            <RangePicker />
            <LiveButton />
          </div>
        </div>
        <KeyFigures usage={usage} keyId={key.id} isBusy={isBusy} />
      </section>
      {children}
    </Page>
  )
}

function keptWords({ capture, inheritsCapture }: KeyPage): string {
  if (capture !== null) return capture ? 'of this key are kept' : 'of this key are not kept'
  return inheritsCapture ? 'are kept, as its frontend says' : 'are not kept'
}

function Codes({ list }: { list: readonly string[] }) {
  if (list.length === 0) return <>none</>
  return (
    <span className="flex flex-wrap gap-1">
      {list.map((word) => (
        <code key={word} className="wrap-anywhere rounded-sm bg-muted px-1 py-px text-xs">
          {word}
        </code>
      ))}
    </span>
  )
}

function Rules({
  rules,
  everything,
}: {
  rules: { allow: readonly string[]; deny: readonly string[] }
  everything: string
}) {
  const isEverything = rules.allow.length === 1 && rules.allow[0] === '*'
  return (
    <span className="flex flex-col gap-1">
      {isEverything ? <span>{everything}</span> : <Codes list={rules.allow} />}
      {rules.deny.length > 0 && (
        <span className="flex flex-wrap items-baseline gap-x-1.5">
          <span className="text-muted-foreground">but not</span>
          <Codes list={rules.deny} />
        </span>
      )}
    </span>
  )
}
