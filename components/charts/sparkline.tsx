import { cn } from '@/lib/ui/cn'

/** A small line of what was: from 0, gaps left open. Decoration beside a figure that says it. */
export function Sparkline({
  values,
  className,
  tone = 'neutral',
}: {
  values: readonly (number | null)[]
  className?: string
  tone?: 'neutral' | 'primary' | 'destructive'
}) {
  const largest = Math.max(...values.map((value) => value ?? 0), 0)
  const last = Math.max(1, values.length - 1)
  const at = (value: number, index: number) =>
    `${((index / last) * 100).toFixed(2)} ${(largest > 0 ? 27 - (value / largest) * 26 : 27).toFixed(2)}`
  return (
    <svg
      viewBox="0 0 100 28"
      preserveAspectRatio="none"
      aria-hidden="true"
      className={cn('h-7 w-full overflow-visible', tones[tone], className)}
    >
      {stretchesOf(values).map((stretch) => {
        const line = stretch.map(({ value, index }) => at(value, index)).join(' L ')
        const [first, end] = [stretch[0]?.index ?? 0, stretch.at(-1)?.index ?? 0]
        const fill = `M ${((first / last) * 100).toFixed(2)} 28 L ${line} L ${((end / last) * 100).toFixed(2)} 28 Z`
        return (
          <g key={first}>
            <path d={fill} className="fill-current opacity-10" stroke="none" />
            <path
              d={stretch.length === 1 ? `M ${line} h 0.01` : `M ${line}`}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeLinejoin="round"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          </g>
        )
      })}
    </svg>
  )
}

const tones = {
  neutral: 'text-chart-8',
  primary: 'text-primary',
  destructive: 'text-destructive',
}

function stretchesOf(values: readonly (number | null)[]): { value: number; index: number }[][] {
  const stretches: { value: number; index: number }[][] = []
  for (const [index, value] of values.entries()) {
    if (value === null) continue
    if (index === 0 || values[index - 1] === null) stretches.push([])
    stretches.at(-1)?.push({ value, index })
  }
  return stretches
}
