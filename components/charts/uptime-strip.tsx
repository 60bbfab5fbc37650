import { cn } from '@/lib/ui/cn'

/** What a stretch of time was like, worst first. */
export type UptimeState = 'up' | 'degraded' | 'down' | 'off' | 'unknown'

export type UptimePart = { state: UptimeState; title: string }

const looks: Record<UptimeState, { className: string; height: number }> = {
  up: { className: 'fill-success', height: 12 },
  degraded: { className: 'fill-warning', height: 16 },
  down: { className: 'fill-destructive', height: 20 },
  off: { className: 'fill-chart-8', height: 4 },
  unknown: { className: 'fill-accent', height: 4 },
}

/** 24 h in parts, oldest first. Trouble is taller, so that it is seen without colour. */
export function UptimeStrip({
  parts,
  label,
  className,
}: {
  parts: readonly UptimePart[]
  /** In words: `Last 24 h: up 99.2%, down 4 m`. */
  label: string
  className?: string
}) {
  const width = 100 / Math.max(1, parts.length)
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 100 20"
      preserveAspectRatio="none"
      className={cn('h-5 w-full', className)}
    >
      {parts.map(({ state, title }, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place in time
          key={index}
          x={index * width}
          y={20 - looks[state].height}
          width={width * 0.8}
          height={looks[state].height}
          className={looks[state].className}
        >
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  )
}
