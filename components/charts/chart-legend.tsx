'use client'

import { cn } from '@/lib/ui/cn'
import { colorOf, type Series } from '@/lib/ui/series'

const dashes = { solid: undefined, dashed: '4 3', dotted: '1.5 2.5' }

/** The series with their totals; a click takes one away or brings it back. */
export function ChartLegend({
  series,
  totals,
  hidden,
  onToggle,
  isLines,
}: {
  series: readonly Series[]
  /** One text a series, or none. */
  totals: readonly (string | null)[]
  hidden: ReadonlySet<string>
  onToggle: (id: string) => void
  isLines: boolean
}) {
  return (
    <ul aria-label="Series" className="-mx-1.5 flex flex-wrap gap-x-1 gap-y-0.5">
      {series.map((one, index) => (
        <li key={one.id} className="min-w-0">
          <button
            type="button"
            aria-pressed={!hidden.has(one.id)}
            onClick={() => onToggle(one.id)}
            className={cn(
              'flex h-6 max-w-64 items-center gap-1.5 rounded-sm px-1.5 text-xs hover:bg-accent coarse:h-11',
              hidden.has(one.id) ? 'text-faint line-through' : 'text-muted-foreground',
            )}
          >
            <svg viewBox="0 0 12 8" aria-hidden="true" className="h-2 w-3 shrink-0">
              {isLines ? (
                <path
                  d="M1 4h10"
                  stroke={hidden.has(one.id) ? 'var(--faint)' : colorOf(one, index)}
                  strokeWidth="2"
                  strokeDasharray={dashes[one.stroke ?? 'solid']}
                />
              ) : (
                <rect
                  x="2"
                  width="8"
                  height="8"
                  rx="1.5"
                  fill={hidden.has(one.id) ? 'var(--faint)' : colorOf(one, index)}
                />
              )}
            </svg>
            <span className="truncate">{one.label}</span>
            {totals[index] && (
              <span className="shrink-0 font-medium text-foreground">{totals[index]}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  )
}
