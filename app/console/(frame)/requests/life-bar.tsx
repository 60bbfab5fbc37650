import type { ListedRequest } from '@/lib/admin/request-log'
import { formatDuration } from '@/lib/ui/format'
import { layWaterfall } from '@/lib/ui/waterfall'
import { requestParts } from './request-parts'

const colors = {
  queue: 'var(--chart-3)',
  load: 'var(--chart-2)',
  prefill: 'var(--chart-4)',
  decode: 'var(--chart-1)',
  gateway: 'var(--chart-8)',
  failed: 'var(--destructive)',
}

/** Where the time of a request went, as wide as it took against the slowest: a mark for the eye. */
export function LifeBar({ request }: { request: ListedRequest }) {
  const rows = layWaterfall(requestParts(request), request.totalMs)
  return (
    <span
      className="block h-2 w-full overflow-hidden"
      title={rows.map(({ label, lengthMs }) => `${label} ${formatDuration(lengthMs)}`).join(', ')}
    >
      <span aria-hidden="true" className="flex h-full gap-px overflow-hidden rounded-xs">
        {rows.map(({ kind, fromMs, width }) => (
          <span
            key={`${kind} ${fromMs}`}
            className="h-full min-w-px"
            style={{ width: `${width}%`, background: colors[kind] }}
          />
        ))}
      </span>
    </span>
  )
}
