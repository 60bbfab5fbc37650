'use client'

import { GuideText } from '@/components/guide-text/guide-text'
import { Link } from '@/components/link/link'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { HttpStatus } from '@/components/status-badge/http-status'
import { Card, CardAction, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import type { ErrorFigure } from '@/lib/admin/error-figures'
import { formatCount, formatExact } from '@/lib/ui/format'
import { type Range, renderRange } from '@/lib/ui/range'
import { requestsHref } from '@/lib/ui/request-links'

const shownMax = 4

/** The errors of the range in words, the newest first, each with what to do. */
export function LatestErrors({
  errors,
  range,
  nowMs,
}: {
  errors: readonly ErrorFigure[]
  range: Range
  nowMs: number
}) {
  const text = renderRange(range)
  return (
    <Card aria-labelledby="overview-errors" className="xl:min-h-64">
      <CardHeader>
        <CardTitle id="overview-errors">Errors</CardTitle>
        <CardAction className="min-h-control-sm pr-1.5">
          <Link
            href={requestsHref(text, { field: 'outcome', value: 'failed' })}
            className="text-link text-sm"
          >
            All failures
          </Link>
        </CardAction>
      </CardHeader>
      {errors.length === 0 ? (
        <CardContent className="m-auto text-muted-foreground text-sm">
          Nothing failed and nothing was refused
        </CardContent>
      ) : (
        <ul className="pb-1">
          {errors.slice(0, shownMax).map((error) => (
            <ErrorRow key={error.code} error={error} range={text} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function ErrorRow({
  error: { code, status, means, check, count, last },
  range,
  nowMs,
}: {
  error: ErrorFigure
  range: string
  nowMs: number
}) {
  return (
    <li className="flex flex-col gap-0.5 border-t px-4 py-2 text-sm first:border-t-0">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
        {status !== null && <HttpStatus status={status} />}
        <Link
          href={requestsHref(range, { field: 'error', value: code })}
          className="min-w-0 truncate rounded-sm font-mono hover:underline"
          title={code}
        >
          {code}
        </Link>
        <span className="font-medium" title={`${formatExact(count)} requests`}>
          {formatCount(count)}×
        </span>
        {last && (
          <Link
            href={`/console/requests/${encodeURIComponent(last.id)}`}
            className="ml-auto shrink-0 rounded-sm text-muted-foreground text-xs hover:underline"
            aria-label={`The last request with ${code}`}
          >
            <RelativeTime ms={last.atMs} nowMs={nowMs} />
          </Link>
        )}
      </div>
      <p className="sm:line-clamp-2" title={means}>
        <GuideText text={means} />
      </p>
      <p className="text-muted-foreground sm:line-clamp-2" title={check}>
        <span className="sr-only">What to do: </span>
        <span aria-hidden="true">→ </span>
        <GuideText text={check} />
      </p>
    </li>
  )
}
