'use client'

import { Link } from '@/components/link/link'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { Facts } from '@/components/side-sheet/facts'
import { HttpStatus } from '@/components/status-badge/http-status'
import { Button } from '@/components/ui/button'
import type { ArrivedRequest } from '@/lib/admin/first-steps'
import { cutMiddle, formatCount, formatDuration, unknown } from '@/lib/ui/format'
import { Step, type StepState } from './step'

export function ArrivalStep({
  state,
  arrived,
  nowMs,
}: {
  state: StepState
  arrived: ArrivedRequest | null
  nowMs: number
}) {
  return (
    <Step number={4} state={state} title="Watch it arrive" summary={summaryOf(state, arrived)}>
      {arrived && (
        <div className="flex flex-col gap-3 rounded-lg border bg-card p-4">
          <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <HttpStatus status={arrived.status} />
            <Link
              href={`/console/requests/${encodeURIComponent(arrived.id)}`}
              className="min-w-0 truncate rounded-sm text-link font-mono"
              title={arrived.id}
            >
              {cutMiddle(arrived.id)}
            </Link>
            <span className="ml-auto text-muted-foreground text-xs">
              <RelativeTime ms={arrived.atMs} nowMs={nowMs} />
            </span>
          </div>
          {arrived.error ? (
            <p className="wrap-anywhere text-sm">{arrived.error.text ?? arrived.error.code}</p>
          ) : (
            <Facts
              facts={[
                { label: 'Model', value: <code>{arrived.model ?? unknown}</code> },
                ...(arrived.server
                  ? [{ label: 'Server', value: <code>{arrived.server}</code> }]
                  : []),
                { label: 'First token', value: formatDuration(arrived.timeToFirstTokenMs) },
                { label: 'In all', value: formatDuration(arrived.totalMs) },
                { label: 'Tokens out', value: formatCount(arrived.completionTokens) },
              ]}
            />
          )}
        </div>
      )}
      {state === 'done' && (
        <Button asChild className="self-start">
          <Link href="/console?range=1h">Open overview</Link>
        </Button>
      )}
    </Step>
  )
}

function summaryOf(state: StepState, arrived: ArrivedRequest | null) {
  if (state === 'done') return 'It was answered and counted. From here on this page shows figures.'
  if (arrived?.error) return 'A call came, and was not answered:'
  if (arrived) return 'A call came:'
  return 'It appears here by itself, whoever sends it.'
}
