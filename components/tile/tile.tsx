import { ArrowDownIcon, ArrowRightIcon, ArrowUpIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Sparkline } from '@/components/charts/sparkline'
import { Link } from '@/components/link/link'
import type { Change } from '@/lib/ui/change'
import { cn } from '@/lib/ui/cn'

/** What a rise means: coloured only where it is good or bad. */
export type RiseIs = 'good' | 'bad' | 'neither'

const arrows = { up: ArrowUpIcon, down: ArrowDownIcon, same: ArrowRightIcon }

export type TileProps = {
  label: string
  /** With its unit, formatted. */
  value: ReactNode
  /** A second figure of the same thing, such as p95 after p50. */
  second?: ReactNode
  /** What the two are, for those who hover or listen: `p50 380 ms, p95 2.1 s`. */
  title?: string
  change?: Change | null
  riseIs?: RiseIs
  values?: readonly (number | null)[]
  href: string
}

/** A figure, how it moved, and its line: one link of a fixed height. */
export function Tile({
  label,
  value,
  second,
  title,
  change,
  riseIs = 'neither',
  values,
  href,
}: TileProps) {
  return (
    <Link
      href={href}
      title={title}
      className="group flex h-[124px] min-w-0 flex-col justify-between rounded-lg border bg-card px-3.5 pt-3 pb-2.5 transition-colors duration-100 hover:border-input"
    >
      <span className="truncate text-muted-foreground text-xs">{label}</span>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-semibold text-xl">{value}</span>
        {second && <span className="truncate text-muted-foreground text-sm">{second}</span>}
      </span>
      <span className="flex h-8 items-end gap-3">
        {change ? <ChangeMark change={change} riseIs={riseIs} /> : <span className="h-4" />}
        <span className="min-w-0 flex-1">{values && <Sparkline values={values} />}</span>
      </span>
    </Link>
  )
}

/** An arrow and how far; its words say up or down. */
export function ChangeMark({ change, riseIs = 'neither' }: { change: Change; riseIs?: RiseIs }) {
  const Arrow = arrows[change.direction]
  const isGood = (change.direction === 'up') === (riseIs === 'good')
  const isColoured = riseIs !== 'neither' && change.direction !== 'same'
  return (
    <span
      className={cn(
        'inline-flex shrink-0 items-center gap-0.5 whitespace-nowrap text-xs',
        isColoured
          ? isGood
            ? 'text-success-text'
            : 'text-destructive-text'
          : 'text-muted-foreground',
      )}
    >
      <Arrow aria-hidden="true" className="size-3" />
      <span className="sr-only">{change.direction}</span>
      {change.text}
    </span>
  )
}

/** Six across from 1120 px of content, else three; on a phone two. */
export function TileGrid({ children }: { children: ReactNode }) {
  return (
    <div className="@container">
      <div className="grid @min-[1120px]:grid-cols-6 grid-cols-2 gap-3 sm:grid-cols-3">
        {children}
      </div>
    </div>
  )
}
