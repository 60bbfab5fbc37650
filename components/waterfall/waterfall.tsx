import { cn } from '@/lib/ui/cn'
import { formatDuration } from '@/lib/ui/format'
import { layWaterfall, type WaterfallPart } from '@/lib/ui/waterfall'

const colors: Record<WaterfallPart['kind'], string> = {
  queue: 'var(--chart-3)',
  load: 'var(--chart-2)',
  prefill: 'var(--chart-4)',
  decode: 'var(--chart-1)',
  gateway: 'var(--chart-8)',
  failed: 'var(--destructive)',
}

/** The life of a request, a row for each phase; what the parts leave of the total is `gateway`. */
export function Waterfall({
  parts,
  totalMs,
  isRunning = false,
}: {
  parts: readonly WaterfallPart[]
  totalMs: number
  /** The last part has an open end. */
  isRunning?: boolean
}) {
  const rows = layWaterfall(parts, totalMs)
  return (
    <div className="text-sm">
      <ul aria-label="Phases" className="flex flex-col">
        {rows.map((row, index) => {
          const isOpen = isRunning && index === rows.length - 1
          return (
            <li
              key={`${row.kind} ${row.fromMs} ${row.label}`}
              className="grid grid-cols-[1fr_auto] items-center gap-x-3 sm:h-[26px] sm:grid-cols-[7.5rem_1fr_4.5rem]"
            >
              <span
                className={cn('truncate', row.kind === 'failed' && 'text-destructive-text')}
                title={row.label}
              >
                {row.label}
              </span>
              <span
                aria-hidden="true"
                className="relative h-2.5 rounded-xs max-sm:order-last max-sm:col-span-2 max-sm:mb-1.5"
              >
                {row.lengthMs !== null && (
                  <span
                    className={cn(
                      'absolute inset-y-0 min-w-[3px] rounded-xs',
                      isOpen && 'rounded-r-none',
                    )}
                    style={{
                      left: `min(${row.left}%, calc(100% - 3px))`,
                      width: `${row.width}%`,
                      background: isOpen
                        ? `linear-gradient(to right, ${colors[row.kind]} 70%, transparent)`
                        : colors[row.kind],
                    }}
                  />
                )}
              </span>
              <span className="text-right">{formatDuration(row.lengthMs)}</span>
            </li>
          )
        })}
      </ul>
      <p className="mt-1 flex justify-between border-t pt-1.5 font-medium">
        <span>{isRunning ? 'So far' : 'Total'}</span>
        <span>{formatDuration(totalMs)}</span>
      </p>
    </div>
  )
}
