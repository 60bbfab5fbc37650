import { StatusBadge, type Tone } from '@/components/status-badge/status-badge'
import type { HeldLimit, KeyRow } from '@/lib/admin/key-rows'
import { cn } from '@/lib/ui/cn'
import { formatExact, unknown } from '@/lib/ui/format'
import { largestUnit } from '@/lib/ui/format-time'
import type { KeyCondition } from '@/lib/ui/key-list'

const looks: Record<KeyCondition, { tone: Tone; word: string }> = {
  active: { tone: 'good', word: 'Active' },
  'at-limit': { tone: 'warn', word: 'At limit' },
  disabled: { tone: 'off', word: 'Disabled' },
  expired: { tone: 'off', word: 'Expired' },
  'owner-inactive': { tone: 'off', word: 'Owner inactive' },
  revoked: { tone: 'bad', word: 'Revoked' },
}

export function conditionWord(condition: KeyCondition): string {
  return looks[condition].word
}

export function KeyState({ condition }: { condition: KeyCondition }) {
  const { tone, word } = looks[condition]
  return (
    <StatusBadge tone={tone} quiet={condition === 'active'}>
      {word}
    </StatusBadge>
  )
}

/** How full its window is now: `###.. 61/100`. Nothing is known of a key that cannot be used. */
export function WindowUse({
  row,
  className,
}: {
  row: Pick<KeyRow, 'used' | 'usedOf' | 'limit'>
  className?: string
}) {
  const { used, usedOf, limit } = row
  if (used === null) return <span className={className}>{unknown}</span>
  if (usedOf === 0) {
    return <span className={cn('text-muted-foreground', className)}>no limit</span>
  }
  const share = Math.min(1, used / usedOf)
  const isFull = used >= usedOf
  return (
    <span
      className={cn('inline-flex min-w-0 items-center gap-2 align-middle', className)}
      title={`${formatExact(used)} of ${formatExact(usedOf)} requests in ${windowWords(limit)}`}
    >
      <span
        aria-hidden="true"
        className="h-1.5 w-14 shrink-0 overflow-hidden rounded-full bg-accent"
      >
        <span
          className={cn('block h-full rounded-full', isFull ? 'bg-warning' : 'bg-chart-1')}
          style={{ width: used === 0 ? 0 : `max(3px, ${share * 100}%)` }}
        />
      </span>
      <span className={cn('truncate', used === 0 && 'text-muted-foreground')}>
        {formatExact(used)}/{formatExact(usedOf)}
      </span>
    </span>
  )
}

/** `100 requests in 1 m`, or `no limit`. */
export function limitWords({ requests, windowSeconds }: Omit<HeldLimit, 'from'>): string {
  if (requests === 0) return 'no limit'
  const noun = requests === 1 ? 'request' : 'requests'
  return `${formatExact(requests)} ${noun} in ${windowWords({ windowSeconds })}`
}

export function windowWords({ windowSeconds }: { windowSeconds: number }): string {
  const ms = windowSeconds * 1000
  const words = largestUnit(ms)
  const isWhole = [86_400, 3600, 60, 1].find((unit) => windowSeconds >= unit)
  return windowSeconds % (isWhole ?? 1) === 0 ? words : `${formatExact(windowSeconds)} s`
}

/** Where the limit that holds stands. */
export const limitSources: Record<HeldLimit['from'], string> = {
  key: 'its own',
  user: "its owner's",
  team: "its owner's team's",
  frontend: "the frontend's",
  default: 'the default',
}
