import { Copyable } from '@/components/copy/copyable'
import { AbsoluteTime } from '@/components/relative-time/relative-time'
import { HttpStatus } from '@/components/status-badge/http-status'
import type { RequestRow } from '@/lib/admin/requests'
import { wordsOf } from './request-columns'

/** Status and model, id and time. */
export function RequestHead({ record }: { record: RequestRow }) {
  const model = record.modelServed ?? record.modelAsked
  return (
    <div className="flex min-w-0 flex-col">
      <h2 className="flex min-w-0 items-center gap-2">
        <span className="shrink-0 text-sm">
          <HttpStatus status={record.status} words={wordsOf(record.status, record.errorCode)} />
        </span>
        {model !== null && (
          <span className="min-w-0 truncate font-medium font-mono text-sm" title={model}>
            {model}
          </span>
        )}
      </h2>
      <div className="-mb-1 flex min-w-0 flex-wrap items-center gap-x-2 text-muted-foreground text-xs">
        <Copyable text={record.id} what="request id" cut className="shrink-0 [&_code]:text-xs" />
        <AbsoluteTime ms={record.startedAtMs} precision="millisecond" />
      </div>
    </div>
  )
}
